/// The line of a server, `server.1=localhost:2888:3888;2181`, as the image of Docker writes it.
///
/// What stands before the semicolon is for ensembles. Behind it is where clients are served: a
/// port, or an address and a port. That counts for the server whose number is in the file `myid` of
/// `dataDir`, as with Apache's server, and may stand in the place of `clientPort`; where both stand
/// they have to say the same.
///
/// Source: ZooKeeper Administrator's Guide, "Dynamic Reconfiguration"; `QuorumPeerConfig`,
/// `setupClientPort`.
extension Configuration {
  mutating func readServer(_ contents: (String) -> String?) throws(ConfigurationError) {
    let servers = entries.values.filter { $0.key.hasPrefix("server.") }
      .sorted { $0.place < $1.place }
    if servers.count > 1 { throw error(servers[1].key, .ensemble) }
    guard let server = servers.first, let mark = server.value.lastIndex(of: ";") else { return }
    let place = server.value[server.value.index(after: mark)...].filter { !$0.isWhitespace }
    guard !place.isEmpty else { return }
    let file = dataFolder + "/myid"
    let number = contents(file)?.filter { !$0.isWhitespace }
    guard let number, server.key == "server.\(number)" else {
      if port != nil || entries["secureClientPort"] != nil { return }
      throw error(server.key, .otherServer(file: file, number: number))
    }
    let colon = place.lastIndex(of: ":")
    let digits = colon.map { String(place[place.index(after: $0)...]) } ?? place
    let range = 0...65_535
    guard let clients = Int(digits), range.contains(clients) else {
      throw error(server.key, .number(digits, range))
    }
    let name = colon.map { Self.withoutBrackets(String(place[..<$0])) } ?? "0.0.0.0"
    if let port, port != clients || !(host == "0.0.0.0" || host == name) {
      throw error(server.key, .otherPlace(Shell.place(name, clients), Shell.place(host, port)))
    }
    used.insert(server.key)
    (port, host) = (clients, name)
  }

  static func withoutBrackets(_ address: String) -> String {
    address.hasPrefix("[") && address.hasSuffix("]")
      ? String(address.dropFirst().dropLast()) : address
  }
}
