#if TLS
  import Foundation
  import Testing
  import ZooKeeperServer

  /// Clients of others, over TLS.
  @Suite(.serialized) struct `A server that speaks TLS` {
    /// Serves as this `zoo.cfg` says.
    private func serve(
      _ made: Certificates, _ lines: String, _ body: (Shell) async throws -> Void
    ) async throws {
      let configuration = try Configuration(
        """
        dataDir=/d
        secureClientPort=0
        secureClientPortAddress=127.0.0.1
        maxClientCnxns=0
        4lw.commands.whitelist=*
        ssl.keyStore.location=\(made.path("server.pem"))
        ssl.trustStore.location=\(made.path("ca.crt"))
        \(lines)
        """,
        environment: [
          "JVMFLAGS": "-Dzookeeper.X509AuthenticationProvider.superUser=CN=root,O=Quorate"
        ]
      ) { try? String(contentsOfFile: $0, encoding: .utf8) }
      let shell = try await Shell.listen(
        Server(configuration.settings), port: configuration.port, secure: configuration.secure,
        limits: configuration.limits, web: [])
      #expect(shell.port == 0)
      try await body(shell)
      try await shell.stop()
    }

    private func session(
      _ made: Certificates, _ shell: Shell, _ options: String...
    ) async throws -> [String] {
      let file = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../Servers/tls-session")
      let port = try #require(shell.securePort)
      let words = [file.path, "127.0.0.1:\(port)", made.folder.path] + options
      // It waits for a process: not on a thread that the server needs.
      return try await Task.detached { try made.run("python3", words) }.value
        .split(separator: "\n").map(String.init)
    }

    @Test func `Serves python and kazoo, and knows them by their certificates`() async throws {
      try await Certificates.with { made in
        try await serve(made, "") { shell in
          let lines = try await session(made, shell)
          #expect(
            lines == [
              "ruok by TLSv1_2 -> imok", "ruok by TLSv1_3 -> imok",
              "ruok without a certificate -> refused", "ruok with a forged one -> refused",
              "ruok in the clear -> not answered",
              "create -> /tls", "set -> 1", "event -> True", "large -> /tls/large",
              "large again -> True", "many -> 2000", "children -> 2001",
              "bob's -> /tls/bob", "auth -> /tls/auth",
              "auth means -> ['x509:CN=bob,OU=Tests,O=Quorate']", "bob reads -> b'mine'",
              "another reads -> NoAuthError", "the superuser reads -> b'mine'",
              "no name -> InvalidACLError", "another's name -> /tls/x", "delete -> None",
            ])
        }
      }
    }

    @Test(arguments: [
      ("none", ["imok", "imok", "imok", "imok"]), ("want", ["imok", "imok", "imok", "refused"]),
      ("need", ["imok", "imok", "refused", "refused"]),
    ])
    func `Asks clients for certificates, or does not`(word: String, answers: [String]) async throws
    {
      try await Certificates.with { made in
        try await serve(made, "ssl.clientAuth=\(word)") { shell in
          let lines = try await session(made, shell, "--words")
          #expect(lines.prefix(4).map { String($0.split(separator: " ").last ?? "") } == answers)
          #expect(lines.count == 5)
        }
      }
    }

    @Test func `Speaks no version that is not enabled`() async throws {
      try await Certificates.with { made in
        try await serve(made, "ssl.protocol=TLSv1.2") { shell in
          let lines = try await session(made, shell, "--words")
          #expect(
            lines.prefix(2) == ["ruok by TLSv1_2 -> imok", "ruok by TLSv1_3 -> refused"])
        }
      }
    }
  }
#endif
