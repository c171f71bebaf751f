package import ProtocolCore

extension Claim {
  /// What clients build of ZooKeeper's means.
  package static let uses: [Claim] = [
    Claim(
      "USE-1", .client,
      "Publish and subscribe, a configuration centre: subscribers end on the latest value."),
    Claim(
      "USE-2", .client,
      "Producers are balanced: they follow the brokers and topics that are registered."),
    Claim(
      "USE-3", .client,
      "Consumers are balanced: after one comes or goes each partition has exactly one owner."),
    Claim(
      "USE-4", .client,
      "Names lead to addresses under a path, and sequential nodes give unique ids."),
    Claim(
      "USE-5", .client, "A heartbeat: an ephemeral node tells whether its client lives."),
    Claim(
      "USE-6", .client,
      "Progress: each worker's node holds its progress, and a monitor sees the whole."),
    Claim(
      "USE-7", .client,
      "A console writes commands, and those who listen get each of them, in order."),
    Claim(
      "USE-8", .client,
      "A cluster is managed: who is up, and in what state, is seen without agents."),
    Claim(
      "USE-9", .client,
      """
      A master is elected by ephemeral sequential nodes, the smallest leads. Two may believe that \
      they lead; a resource that is fenced by zxid accepts one.
      """),
    Claim(
      "USE-10", .client,
      "An exclusive lock has one holder at a time, and is given back by its death too."),
    Claim(
      "USE-11", .client,
      "A shared lock has many readers or one writer; each waits for the last that is in its way."),
    Claim(
      "USE-12", .client,
      "A queue's elements are taken in order, none twice, and none is lost unless told."),
    Claim(
      "USE-13", .client, "A barrier lets all go when the number is complete, and nobody before."),
  ]
}
