import Testing
import ZooKeeperServer

@Suite struct `A zoo_cfg with a secureClientPort` {
  private static let place = "dataDir=/d\nsecureClientPort=2281\n"

  private func refusal(_ lines: String, _ files: [String: String] = [:]) -> String {
    do {
      _ = try Configuration(Self.place + lines) { files[$0] }
      return "taken"
    } catch {
      return error.description
    }
  }

  @Test(.enabled(if: !SecurePlace.isBuilt))
  func `Is refused by a server without TLS, which says how to build one with it`() {
    #expect(
      refusal("")
        == "line 2: secureClientPort needs TLS, which this was built without: "
        + "swift build --traits TLS --product quorate")
  }

  @Test func `Is nothing that needs TLS where only keys are named`() throws {
    let configuration = try Configuration(
      "dataDir=/d\nclientPort=1\nssl.keyStore.location=/k.jks\nsslQuorum=false")
    #expect(configuration.secure == nil)
    #expect(
      configuration.warnings.map(\.description) == [
        "line 3: ssl.keyStore.location has no effect here",
        "line 4: sslQuorum has no effect here",
      ])
  }

  #if TLS
    @Test(arguments: [
      ("", "line 2: secureClientPort needs ssl.keyStore.location, which is missing"),
      ("ssl.keyStore.location=/s.jks", "line 3: ssl.keyStore.location is '/s.jks': \(kinds)"),
      ("ssl.keyStore.location=/s.P12", "line 3: ssl.keyStore.location is '/s.P12': \(kinds)"),
      (
        "ssl.keyStore.location=/s.pem\nssl.keyStore.type=JKS",
        "line 4: ssl.keyStore.type is 'JKS': \(kinds)"
      ),
      (
        "ssl.keyStore.location=/missing",
        "line 3: ssl.keyStore.location is '/missing', which cannot be read"
      ),
      (
        "ssl.keyStore.location=/empty\nssl.clientAuth=none",
        "line 3: ssl.keyStore.location is '/empty', which holds no certificate"
      ),
      (
        "ssl.keyStore.location=/empty",
        "line 2: secureClientPort needs ssl.trustStore.location, which is missing"
      ),
      (
        "ssl.keyStore.location=/empty\nssl.clientAuth=want",
        "line 4: ssl.clientAuth needs ssl.trustStore.location, which is missing"
      ),
      (
        "ssl.keyStore.location=/empty\nssl.clientAuth=maybe",
        "line 4: ssl.clientAuth is 'maybe', and none of none, want, need"
      ),
      (
        "ssl.keyStore.location=/empty\nssl.clientAuth=none\nssl.protocol=TLSv1.1",
        "line 5: ssl.protocol is 'TLSv1.1', and none of TLSv1.2, TLSv1.3"
      ),
      (
        "ssl.keyStore.location=/empty\nssl.clientAuth=none\nssl.crl=true",
        "line 5: ssl.crl is true: it is not done here"
      ),
      (
        "ssl.keyStore.location=/empty\nssl.keyStore.passwordPath=/missing",
        "line 4: ssl.keyStore.passwordPath is '/missing', which cannot be read"
      ),
    ])
    func `Is refused with the line where a value is bad`(lines: String, words: String) {
      #expect(refusal(lines, ["/empty": "", "/s.pem": ""]) == words)
    }

    private static let kinds = "only PEM files are read here, no stores of Java's"

    @Test func `Is refused where keys and certificates do not belong together`() async throws {
      try await Certificates.with { made in
        let (key, location) = (try made.text("server.key"), "ssl.keyStore.location=/s\n")
        func refused(_ file: String, _ roots: String, _ lines: String = "") -> String {
          refusal(location + "ssl.trustStore.location=/t\n" + lines, ["/s": file, "/t": roots])
        }
        let (own, other) = (try made.text("server.crt"), try made.text("client.crt"))
        let roots = try made.text("ca.crt")
        #expect(refused(key + own, roots) == "taken")
        #expect(
          refused(key, roots)
            == "line 3: ssl.keyStore.location is '/s', which holds no certificate")
        #expect(
          refused(own, roots)
            == "line 3: ssl.keyStore.location is '/s', which holds no private key that this "
            + "password opens")
        #expect(
          refused(key + other, roots)
            == "line 3: ssl.keyStore.location is '/s', which holds no certificate of its "
            + "private key")
        #expect(
          refused(key + own, key)
            == "line 4: ssl.trustStore.location is '/t', which holds no certificate")
        // A key that is encrypted, and its password in a file of its own.
        try made.run(
          "openssl",
          [
            "pkcs8", "-topk8", "-in", made.path("server.key"), "-out", made.path("locked"),
            "-passout", "pass:secret",
          ])
        let locked = try made.text("locked")
        #expect(refused(locked + own, roots, "ssl.keyStore.password=secret") == "taken")
        #expect(refused(locked + own, roots, "ssl.keyStore.password=other").contains("password"))
        #expect(refused(locked + own, roots).contains("password"))
        let files = ["/s": locked + own, "/t": roots, "/p": "secret\n"]
        let lines = "ssl.trustStore.location=/t\nssl.keyStore.passwordPath=/p\n"
        #expect(refusal(location + lines, files) == "taken")
      }
    }

    @Test func `Says what its keys say`() async throws {
      try await Certificates.with { made in
        let configuration = try Configuration(
          Self.place + """
            secureClientPortAddress=127.0.0.1
            ssl.keyStore.location=/s
            ssl.keyStore.type=PEM
            ssl.trustStore.location=/t
            ssl.trustStore.password=unused
            ssl.clientAuth=WANT
            ssl.enabledProtocols=TLSv1.3
            authProvider.x509=org.apache.zookeeper.server.auth.X509AuthenticationProvider
            """,
          environment: ["JVMFLAGS": "-Dzookeeper.X509AuthenticationProvider.superUser=CN=root"]
        ) { $0 == "/s" ? try? made.text("server.pem") : try? made.text("ca.crt") }
        #expect(configuration.warnings == [])
        #expect(configuration.port == nil)
        let place = try #require(configuration.secure)
        #expect(place.host == "127.0.0.1" && place.port == 2281)
        #expect(place.clientAuthentication == .want)
        #expect(place.versions == .thirteen ... .thirteen)
        #expect(configuration.settings.superSubject == "CN=root")
      }
    }
  #endif
}
