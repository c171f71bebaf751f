import NIOCore
import Testing
import ZooKeeper
import ZooKeeperPersistence
import ZooKeeperServer

@Suite struct `A zoo_cfg` {
  /// The file that Debian's package installs, its comments aside.
  static let usual = """
    # The number of milliseconds of each tick
    tickTime=2000
    initLimit=10
    syncLimit=5
    dataDir=/var/lib/zookeeper
    clientPort=2181
    maxClientCnxns=60
    """

  @Test func `Is read as it stands in every package`() throws {
    let configuration = try Configuration(Self.usual)
    #expect(configuration.warnings == [])
    #expect(configuration.dataFolder == "/var/lib/zookeeper")
    #expect(configuration.logFolder == configuration.dataFolder)
    #expect(configuration.port == 2181 && configuration.settings.tick == 2000)
    #expect(configuration.settings.timeouts == 4000...40_000)
    #expect(configuration.settings.words == [.srvr])
    #expect(configuration.settings.connectionsPerAddress == 60)
    #expect(!configuration.settings.dialect.hasTTL)
  }

  /// Apache's guide writes the default of `jute.maxbuffer` so.
  @Test(arguments: [("0x9fffff", 0x9f_ffff), ("0XFFFFF", 0xf_ffff), ("#fffff", 0xf_ffff)])
  func `Numbers may be written as Java reads properties`(value: String, limit: Int) throws {
    let configuration = try Configuration(Self.usual + "\njute.maxbuffer=\(value)")
    #expect(configuration.settings.frameLimit == limit)
    #expect(throws: ConfigurationError.self) {
      try Configuration(Self.usual + "\njute.maxbuffer=0x")
    }
  }

  @Test func `Says what its keys say`() throws {
    let configuration = try Configuration(
      """
      dataDir : /d\\
         ata
      dataLogDir /log
      ! another kind of comment
      clientPort=0
      clientPortAddress=127.0.0.1
      minSessionTimeout=-1
      maxSessionTimeout=7000
      maxClientCnxns=0
      globalOutstandingLimit=10
      fsync.warningthresholdms=20
      jute.maxbuffer=4194304
      snapCount=1
      preAllocSize=64
      autopurge.snapRetainCount=2
      autopurge.purgeInterval=24
      4lw.commands.whitelist=stat, ruok,stmk
      extendedTypesEnabled=TRUE
      """)
    #expect(configuration.dataFolder == "/data" && configuration.logFolder == "/log")
    #expect(configuration.settings.timeouts == 6000...7000)
    #expect(configuration.limits.slowSync == .milliseconds(20))
    #expect(configuration.limits.outstanding == 10 && configuration.purgeInterval == 24)
    #expect(configuration.settings.frameLimit == 4_194_304)
    #expect(configuration.store.snapshotInterval == 2 && configuration.store.retained == 3)
    #expect(configuration.store.step == 65_536)
    #expect(configuration.settings.words == [.stat, .ruok, .stmk])
    #expect(configuration.settings.connectionsPerAddress == nil)
    #expect(configuration.settings.dialect.hasTTL)
    #expect(
      configuration.warnings.map(\.description) == [
        "line 13: snapCount is too small; 2 is taken",
        "line 15: autopurge.snapRetainCount is too small; 3 is taken",
      ])
  }

  @Test func `Warns of what is unknown, without effect, or there twice`() throws {
    let lines = """
      tickTme=1
      ssl.keyStore.location=/k
      server.1=a:1:2
      tickTime=4000
      DigestAuthenticationProvider.digestAlg=sha-1
      allowSaslFailedClients=false
      4lw.commands.whitelist=stats, ruok
      """
    let configuration = try Configuration(Self.usual + "\n" + lines)
    #expect(configuration.settings.tick == 4000 && configuration.settings.words == [.ruok])
    #expect(
      configuration.warnings.map(\.description) == [
        "line 8: unknown key 'tickTme'",
        "line 9: ssl.keyStore.location has no effect here",
        "line 10: server.1 has no effect here",
        "line 11: tickTime has come before; this value counts",
        "line 13: allowSaslFailedClients has no effect here",
        "line 14: 4lw.commands.whitelist names 'stats', which is no four-letter word",
      ])
  }

  @Test(arguments: [
    ("tickTime=often", "line 8: tickTime is 'often', and no number from 1 to 2147483647"),
    ("clientPort=65536", "line 8: clientPort is '65536', and no number from 0 to 65535"),
    ("snapCount=-1", "line 8: snapCount is '-1', and no number from 0 on"),
    ("dataLogDir=", "line 8: dataLogDir is empty"),
    ("enforceQuota=yes", "line 8: enforceQuota is 'yes', and neither true nor false"),
    (
      "sessionRequireClientSASLAuth=true",
      "line 8: sessionRequireClientSASLAuth is true: it is not done here"
    ),
    (
      "metricsProvider.className=a.PrometheusMetricsProvider",
      "line 8: metricsProvider.className is 'a.PrometheusMetricsProvider', and none of "
        + "org.apache.zookeeper.metrics.impl.DefaultMetricsProvider, "
        + "org.apache.zookeeper.metrics.prometheus.PrometheusMetricsProvider, "
        + "org.apache.zookeeper.metrics.impl.NullMetricsProvider"
    ),
    ("enforce.auth.enabled=true", "line 8: enforce.auth.enabled is true: it is not done here"),
    (
      "DigestAuthenticationProvider.digestAlg=SHA-256",
      "line 8: DigestAuthenticationProvider.digestAlg is 'SHA-256': only SHA1 is done here; "
        + "who owns nodes by other digests could not open them"
    ),
    (
      "minSessionTimeout=90000",
      "line 8: minSessionTimeout is 90000, more than the longest timeout, 40000"
    ),
    (
      "server.1=a:1:2\nserver.2=b:1:2",
      "line 9: server.2 is the second server: ensembles are not served"
    ),
  ])
  func `Is refused with the line where a value is bad`(line: String, words: String) {
    do {
      _ = try Configuration(Self.usual + "\n" + line)
      Issue.record("\(line) was taken")
    } catch {
      #expect(error.description == words)
    }
  }

  @Test func `May begin with a byte order mark, and be of a relative folder`() throws {
    let configuration = try Configuration("\u{feff}dataDir=data\nclientPort=1\npeerType=observer")
    #expect(configuration.dataFolder == "data")
    #expect(
      configuration.warnings.map(\.description) == [
        "line 1: dataDir is relative: it is below the folder in which the server was started",
        "line 3: peerType has no effect here",
      ])
  }

  /// As Debian's 3.8.0 takes them, which is `QuorumPeerMain` with one server.
  @Test(arguments: [
    ("server.1=localhost:2888:3888;24510", "0.0.0.0:24510"),
    ("server.1=localhost:2888:3888:participant;0.0.0.0:2181", "0.0.0.0:2181"),
    ("server.1=localhost:2888:3888 ; 127.0.0.1:2181", "127.0.0.1:2181"),
    ("server.1=[::1]:2888:3888;[::1]:2181", "[::1]:2181"),
    ("clientPort=2181\nserver.1=localhost:2888:3888;2181", "0.0.0.0:2181"),
    ("clientPort=2181\nserver.1=localhost:2888:3888;127.0.0.1:2181", "127.0.0.1:2181"),
    ("clientPort=2181\nclientPortAddress=::1\nserver.1=a:1:2;[::1]:2181", "[::1]:2181"),
  ])
  func `May say in the server's line where clients are served`(lines: String, place: String)
    throws
  {
    let configuration = try Configuration("dataDir=/d\n" + lines) { $0 == "/d/myid" ? "1\n" : nil }
    #expect(configuration.warnings == [])
    #expect(Shell.place(configuration.host, try #require(configuration.port)) == place)
  }

  @Test(arguments: [
    (
      "server.1=a:1:2;2181", nil,
      "line 2: server.1 says where clients are served, and counts only if /d/myid says that this "
        + "is it; there is no such file. Write that, or clientPort"
    ),
    (
      "server.1=a:1:2;2181", "2",
      "line 2: server.1 says where clients are served, and counts only if /d/myid says that this "
        + "is it; there it is '2'. Write that, or clientPort"
    ),
    (
      "clientPort=2182\nserver.1=a:1:2;2181", "1",
      "line 3: server.1 says that clients are served at 0.0.0.0:2181, and clientPort that they "
        + "are at 0.0.0.0:2182"
    ),
    (
      "clientPort=2181\nclientPortAddress=127.0.0.1\nserver.1=a:1:2;2181", "1",
      "line 4: server.1 says that clients are served at 0.0.0.0:2181, and clientPort that they "
        + "are at 127.0.0.1:2181"
    ),
    ("server.1=a:1:2;x", "1", "line 2: server.1 is 'x', and no number from 0 to 65535"),
    ("server.1=a:1:2", "1", "clientPort is missing"),
    ("server.1=a:1:2;", "1", "clientPort is missing"),
    (
      "server.1=a:1:2;2181\nserver.2=b:1:2;2181", "1",
      "line 3: server.2 is the second server: ensembles are not served"
    ),
  ])
  func `Is refused where the server's line does not say it`(
    lines: String, number: String?, words: String
  ) {
    do {
      _ = try Configuration("dataDir=/d\n" + lines) { $0 == "/d/myid" ? number : nil }
      Issue.record("\(lines) was taken")
    } catch {
      #expect(error.description == words)
    }
  }

  @Test func `Does not heed the line of another server beside clientPort`() throws {
    let configuration = try Configuration("dataDir=/d\nclientPort=1\nserver.1=a:1:2;2")
    #expect(configuration.port == 1)
    #expect(configuration.warnings.map(\.description) == ["line 3: server.1 has no effect here"])
  }

  @Test func `Takes addresses of IPv6 in brackets, as Java does`() throws {
    for address in ["::1", "[::1]"] {
      let configuration = try Configuration(
        Self.usual
          + "\nclientPortAddress=\(address)\nadmin.serverPort=1\nadmin.serverAddress=\(address)")
      #expect(configuration.host == "::1" && configuration.web.map(\.host) == ["::1"])
    }
  }

  @Test func `Names the keys that nobody knows where one is missing`() throws {
    do {
      _ = try Configuration("dataDri=/d\nclientPort=1\nsyncLimit=1")
      Issue.record("it was taken")
    } catch {
      #expect(error.description == "dataDir is missing")
      #expect(error.strangers.map(\.description) == ["line 1: unknown key 'dataDri'"])
    }
  }

  @Test func `Is joined by properties from the environment, and counts more`() throws {
    let configuration = try Configuration(
      Self.usual + "\nauthProvider.1=org.apache.zookeeper.server.auth.SASLAuthenticationProvider",
      environment: [
        "SERVER_JVMFLAGS": "-Xmx512m -Dzookeeper.snapCount=50 -Djute.maxbuffer=500 -Dfile.x=1",
        "JVMFLAGS": "-Dzookeeper.snapCount=70 -Dzookeeper.tickTime=9 -Dzookeeper.strange=1 "
          + "-Djava.security.auth.login.config=/jaas.conf",
      ]
    ) { $0 == "/jaas.conf" ? Self.jaas : nil }
    #expect(configuration.store.snapshotInterval == 50 && configuration.settings.tick == 2000)
    #expect(configuration.settings.frameLimit == 500 && configuration.settings.dialect.hasSASL)
    #expect(configuration.settings.authentication.saslUsers == ["bob": "a b", "eve": "x"])
    #expect(
      configuration.warnings.map(\.description) == ["JVMFLAGS: unknown key 'strange'"])
  }

  static let jaas = """
    // whom the server knows
    Client { x.DigestLoginModule required user_no="no"; };
    Server {
      org.apache.zookeeper.server.auth.DigestLoginModule required
      user_bob="a b"
      user_eve=x;
    };
    """

  @Test(arguments: [
    (nil, "which cannot be read"),
    ("Server { x", "where on line 1 there should be a flag such as required"),
    ("Server {\n x required user_a=\n;};", "where on line 3 there should be a value"),
    (
      "Server {\n x required user_a=\"b;\n};",
      "where on line 2 there should be another quotation mark"
    ),
    ("Server x", "where on line 1 there should be {"),
  ])
  func `Is refused where the file with SASL's passwords is none`(text: String?, words: String) {
    do {
      _ = try Configuration(
        Self.usual, environment: ["JVMFLAGS": "-Djava.security.auth.login.config=/j"]
      ) { _ in text }
      Issue.record("it was taken")
    } catch {
      #expect(
        error.description == "JVMFLAGS: java.security.auth.login.config is '/j', \(words)")
    }
  }

  @Test func `Has to say where it stores and listens`() {
    #expect(throws: ConfigurationError.self) { try Configuration("clientPort=1") }
    #expect(throws: ConfigurationError.self) { try Configuration("dataDir=/d") }
  }

  @Test func `Says where it is asked over HTTP`() throws {
    #expect(try Configuration(Self.usual).web == [])
    #expect(try Configuration(Self.usual + "\nadmin.enableServer=false").web == [])
    #expect(
      try Configuration(Self.usual + "\nadmin.enableServer=true").web == [
        Shell.WebPlace(host: "0.0.0.0", port: 8080, commands: "/commands")
      ])
    let lines = """

      admin.serverPort=1
      admin.serverAddress=127.0.0.1
      metricsProvider.className=org.apache.zookeeper.metrics.prometheus.PrometheusMetricsProvider
      """
    #expect(
      try Configuration(Self.usual + lines).web == [
        Shell.WebPlace(host: "127.0.0.1", port: 1, commands: "/commands"),
        Shell.WebPlace(host: "0.0.0.0", port: 7000),
      ])
  }

  @Test func `Whatever its bytes are, it is read or refused`() {
    let pieces = [
      "dataDir", "clientPort", "=", ":", " ", "\\", "\n", "\r\n", "#", "\\u", "12", "-1", "é", "\t",
      "tickTime=", "4lw.commands.whitelist=", "*", ",", "server.", "\u{0}",
      "9999999999999999999999",
    ]
    var random = SeededRandom(1)
    var taken = 0
    for _ in 0..<20_000 {
      let text = (0..<Int.random(in: 0..<20, using: &random)).map { _ in
        pieces.randomElement(using: &random) ?? ""
      }.joined()
      if (try? Configuration("dataDir=/d\nclientPort=1\n" + text)) != nil { taken += 1 }
    }
    #expect(taken > 1000 && taken < 20_000)
  }
}
