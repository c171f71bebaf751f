/// # A ZooKeeper client
///
/// ```swift
/// import ZooKeeperClient
///
/// let client = try await Client.connect(to: "10.0.0.1:2181,10.0.0.2:2181/app")
/// try await client.create("/config", data: .utf8("v1"))
/// let events = client.events
/// let (data, stat) = try await client.getData("/config", watch: true)
/// print(data.text ?? "", "version", stat.version)
/// for await event in events where event.type == .nodeDataChanged {
///   print(event.path, "changed:", try await client.getData(event.path, watch: true).data.text ?? "")
/// }
/// ```
///
/// Making a client takes three stages, and each has its part here, under the names that
/// ZooKeeper's own client gives them:
///
/// | stage            | part                 | what it does                                          |
/// | ---------------- | -------------------- | ----------------------------------------------------- |
/// | set-up           | default watch        | ``Client/events``: every event, in order              |
/// |                  | ``HostProvider``     | which server next                                     |
/// |                  | ``ClientCnxn``       | the session over all its connections, a value         |
/// |                  | `SendPart`           | carries the session's bytes (a SendThread elsewhere)  |
/// |                  | `EventPart`          | hands events out (an EventThread elsewhere)           |
/// | session creation | ``Link``             | a TCP connection, or one within the process           |
/// |                  | ``Connection``       | the ConnectRequest and all that follows, a value      |
/// | response         | ``SessionState``     | CONNECTED, and the event None/SyncConnected           |
///
/// What is left out: SASL, TLS, persistent watches, container and TTL nodes, reconfiguration, the
/// search for a full server while connected to a read-only one.
@_exported public import ZooKeeper
