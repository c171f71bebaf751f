import ZooKeeper
package import ZooKeeperServer

/// Four-letter words that are answered in another form.
///
/// Source for all: ZooKeeper Administrator's Guide, "The Four Letter Words"; WORD-1.
extension Quirk {
  package static let wordFlaws: [Quirk] = [
    word("ruok-ends-a-line", "The answer to ruok ends with a line feed.", .ruok) { answer, _ in
      answer += "\n"
    },
    word("isro-says-yes-or-no", "isro is answered false.", .isro) { answer, _ in answer = "false" },
    word("srvr-counts-no-nodes", "srvr does not tell how many nodes there are.", .srvr) {
      answer, _ in answer.dropLines { $0.hasPrefix("Node count") }
    },
    word("srvr-tells-zxids-in-decimal", "srvr tells the zxid as a decimal number.", .srvr) {
      answer, server in
      answer.dropLines { $0.hasPrefix("Zxid") }
      answer += "Zxid: \(server.service.applied.zxid.rawValue)\n"
    },
    word("stat-tells-no-traffic", "stat tells of its connections' traffic nothing.", .stat) {
      answer, _ in
      answer = answer.split(separator: "\n", omittingEmptySubsequences: false).map { line in
        line.hasPrefix(" /") ? line.prefix { $0 != "(" } + "(queued=0)" : line
      }.joined(separator: "\n")
    },
    word("stat-is-srvr", "stat lists no connections.", .stat) { answer, _ in
      answer.dropLines { $0.hasPrefix(" /") }
    },
    word("cons-tells-no-request", "cons does not tell the last request.", .cons) { answer, _ in
      answer = answer.split(separator: "\n", omittingEmptySubsequences: false).map { line in
        line.split(separator: ",").filter { !$0.hasPrefix("lop=") && !$0.hasPrefix("lcxid=") }
          .joined(separator: ",")
      }.joined(separator: "\n")
    },
    word("mntr-uses-blanks", "In mntr a blank stands between name and number.", .mntr) {
      answer, _ in answer = String(answer.map { $0 == "\t" ? " " : $0 })
    },
    word("mntr-counts-no-ephemerals", "mntr does not count ephemerals.", .mntr) { answer, _ in
      answer.dropLines { $0.hasPrefix("zk_ephemerals_count") }
    },
    word("conf-counts-ticks", "conf tells session timeouts in ticks.", .conf) { answer, server in
      answer.dropLines { $0.hasPrefix("minSession") || $0.hasPrefix("maxSession") }
      answer += "minSessionTimeout=2\nmaxSessionTimeout=20\n"
    },
    word("envi-tells-no-host", "envi does not tell the host's name.", .envi) { answer, _ in
      answer.dropLines { $0.hasPrefix("host.name") }
    },
    word("wchs-is-short", "wchs tells connections and watches in a line.", .wchs) {
      answer, server in
      answer = "\(server.openConnections.count) connections, \(server.watches.count) watches\n"
    },
    word("wchc-names-no-sessions", "wchc tells paths alone.", .wchc) { answer, _ in
      answer.dropLines { $0.hasPrefix("0x") }
    },
    word("wchp-names-no-sessions", "wchp tells every watcher as session 0.", .wchp) {
      answer, server in
      answer = server.watches.dataWatchers.map { "\($0.path)\n\t0x0\n" }.joined()
    },
    word("dump-forgets-ephemerals", "dump lists no ephemerals.", .dump) { answer, _ in
      answer.dropLines { $0.hasPrefix("\t/") }
    },
    word("gtmk-is-hexadecimal", "gtmk is answered in hexadecimal.", .gtmk) { answer, _ in
      answer = "0x132"
    },
  ]

  private static func word(
    _ name: String, _ summary: String, _ which: FourLetterWord,
    _ change: @escaping @Sendable (inout String, Server) -> Void
  ) -> Quirk {
    flaw(name, summary, "WORD-1") {
      $0.word = { answer, word, server in if word == which { change(&answer, server) } }
    }
  }
}

extension String {
  /// Leaves out such lines.
  fileprivate mutating func dropLines(_ isSuch: (Substring) -> Bool) {
    self = split(separator: "\n", omittingEmptySubsequences: false).filter { !isSuch($0) }
      .joined(separator: "\n")
  }
}
