import NIOCore
import Testing
import ZooKeeper
import ZooKeeperServer
import ZooKeeperWire

@Suite struct `Sessions of the server` {
  @Test func `The response has the readOnly byte if the request had it`() throws {
    var talk = Talk()
    let (new, old) = (talk.open(), talk.open())
    let granted = try talk.connect(ConnectRequest(timeout: 10_000), on: new)
    #expect(granted.readOnly == false)
    #expect(granted.password == granted.session.password)
    #expect(
      try talk.connect(ConnectRequest(timeout: 10_000, readOnly: nil), on: old).readOnly == nil)
  }

  @Test(arguments: [(0, 4000), (-5, 4000), (4001, 4001), (100_000, 40_000)])
  func `A timeout is clamped`(asked: Int32, granted: Int32) throws {
    var talk = Talk()
    let a = talk.open()
    #expect(try talk.connect(ConnectRequest(timeout: asked), on: a).timeout == granted)
  }

  /// The session of a connection, as its client would know it.
  func resumption(of response: ConnectResponse, seen: Int64 = 0) -> ConnectRequest {
    ConnectRequest(
      lastZxidSeen: Zxid(seen), timeout: 10_000, session: response.session,
      password: response.password)
  }

  @Test func `Resuming closes the old connection first and keeps the session`() throws {
    var talk = Talk()
    let (old, new) = (talk.open(), talk.open())
    let session = try talk.connect(ConnectRequest(timeout: 10_000), on: old)
    try talk.given(old, .create(Create("/e", mode: .ephemeral)))
    let resumed = try talk.connect(resumption(of: session), on: new)
    #expect(talk.closed == [old])
    #expect(resumed.session == session.session && !resumed.isExpired)
    talk.drop(old)
    #expect(
      try talk.reply(new, .delete(path: "/e")) == Reply(zxid: Zxid(3), .success(.done)))
  }

  @Test func `A wrong password ends both connections, and not the session`() throws {
    var talk = Talk()
    let (owner, thief, again) = (talk.open(), talk.open(), talk.open())
    let session = try talk.connect(ConnectRequest(timeout: 10_000), on: owner)
    var wrong = resumption(of: session)
    wrong.password = [UInt8](repeating: 7, count: 16)
    #expect(try talk.connect(wrong, on: thief) == .expired())
    #expect(talk.closed == [owner, thief])
    #expect(try !talk.connect(resumption(of: session), on: again).isExpired)
  }

  @Test func `An unknown session is told so, and the connection ends`() throws {
    var talk = Talk()
    let a = talk.open()
    #expect(
      try talk.connect(ConnectRequest(timeout: 10_000, session: SessionID(42)), on: a)
        == .expired())
    #expect(talk.closed == [a])
  }

  @Test func `Who has seen more than this server is refused without a word`() throws {
    var talk = Talk()
    let (a, b) = (talk.open(), talk.open())
    var bytes = ByteBuffer()
    bytes.writeFrame {
      ConnectRequest(lastZxidSeen: Zxid(1), timeout: 10_000).write(to: &$0)
    }
    talk.send(bytes, on: a)
    #expect(talk.closed == [a])
    #expect(talk.bytes(a).readableBytes == 0)
    let session = try talk.connect(ConnectRequest(timeout: 10_000), on: b)
    let c = talk.open()
    #expect(try !talk.connect(resumption(of: session, seen: 1), on: c).isExpired)
  }

  @Test func `Expiry takes all ephemerals at one zxid, tells watchers, and says no word`() throws {
    var talk = Talk()
    let watcher = try talk.client(timeout: 40_000)
    let owner = talk.open()
    let session = try talk.connect(ConnectRequest(timeout: 4000), on: owner)
    try talk.given(owner, .create(Create("/e", mode: .ephemeral)))
    try talk.given(owner, .create(Create("/f", mode: .ephemeral)))
    for path in ["/e", "/f"] { _ = try talk.ask(watcher, .exists(path: path, watch: true)) }
    talk.advance(to: 5999)
    #expect(talk.closed.isEmpty)
    talk.advance(to: 6000)
    #expect(talk.closed == [owner])
    #expect(talk.bytes(owner).readableBytes == 0)
    let told = try talk.told(watcher)
    #expect(
      told
        == ["/e", "/f"].map {
          ServerFrame.event(WatchEvent(.nodeDeleted, $0), zxid: Zxid(5))
        })
    let late = talk.open()
    #expect(try talk.connect(resumption(of: session), on: late).isExpired)
  }

  @Test func `Every request keeps the session alive`() throws {
    var talk = Talk()
    let a = try talk.client(timeout: 4000)
    talk.advance(to: 3000)
    _ = talk.post(.ping, on: a)
    talk.advance(to: 7999)
    #expect(talk.closed.isEmpty)
    talk.advance(to: 8000)
    #expect(talk.closed == [a])
  }

  @Test func `A dropped connection leaves its session, and takes its watches`() throws {
    var talk = Talk()
    let (a, b) = (try talk.client(), try talk.client())
    try talk.given(a, .create(Create("/e", mode: .ephemeral)))
    _ = try talk.ask(a, .getData(path: "/e", watch: true))
    talk.drop(a)
    try talk.given(b, .setData(path: "/e", data: [1]))
    #expect(talk.bytes(a).readableBytes == 0)
    #expect(try talk.reply(b, .exists(path: "/e")).result != .failure(.noNode))
  }

  @Test func `A connection that asks for nothing is closed`() throws {
    var talk = Talk()
    let a = talk.open()
    talk.advance(to: 19_999)
    #expect(talk.closed.isEmpty)
    talk.advance(to: 20_000)
    #expect(talk.closed == [a])
  }

  @Test func `There is a limit to connections, and to those of an address`() throws {
    var settings = Settings()
    settings.connectionLimit = 3
    settings.connectionsPerAddress = 2
    var talk = Talk(settings)
    _ = (talk.open("10.0.0.1"), talk.open("10.0.0.1"))
    let third = talk.open("10.0.0.1")
    #expect(talk.closed == [third])
    _ = talk.open("10.0.0.2")
    let fifth = talk.open("10.0.0.3")
    #expect(talk.closed == [third, fifth])
  }

  @Test func `A token of SASL that does not decode ends the connection without a word`() throws {
    var talk = Talk()
    let a = try talk.client()
    var bytes = ByteBuffer()
    ClientFrame(xid: 1, .sasl, body: ByteBuffer()).write(to: &bytes)
    talk.send(bytes, on: a)
    #expect(talk.closed == [a] && talk.bytes(a).readableBytes == 0)
  }

  /// Apache's server notes a request when it comes, whatever it waits for.
  @Test func `Lives while its client asks, though it takes no answers and is not served`() throws {
    var talk = Talk()
    let (a, b) = (try talk.client(), try talk.client())
    talk.advance(to: 9000)
    var bytes = ByteBuffer()
    ClientFrame(xid: .ping, .ping).write(to: &bytes)
    #expect(talk.server.receive(bytes, from: a, serving: false) == [])
    talk.advance(to: 15_000)
    #expect(talk.closed == [b] && talk.server.isHeldBack(a))
    talk.proceed(a)
    #expect(try talk.told(a).count == 1)
  }
}

@Suite struct `Four-letter words` {
  @Test func `Each is answered as text, and the connection ends`() throws {
    var talk = Talk()
    for word in FourLetterWord.allCases {
      let a = talk.open()
      // The letters may come one by one.
      for letter in word.rawValue.utf8 { talk.send(ByteBuffer(integer: letter), on: a) }
      // What the trace mask is to be comes with that word.
      #expect((talk.bytes(a).readableBytes > 0) == (word != .stmk))
      #expect(talk.closed.contains(a))
    }
    let masking = talk.open()
    var mask = ByteBuffer(string: "stmk")
    mask.writeInteger(Int64(7))
    talk.send(mask, on: masking)
    #expect(String(buffer: talk.bytes(masking)) == "7")
    let a = talk.open()
    talk.send(ByteBuffer(string: "srvr\n"), on: a)
    let text = String(buffer: talk.bytes(a))
    #expect(text.hasPrefix("Zookeeper version: 3.9"))
    #expect(text.contains("\nZxid: 0x0\nMode: standalone\nNode count: 5\n"))
  }

  /// As 3.8.0 answers: data watches alone, and nobody who only asks.
  @Test func `Watches are told as Apache's server tells them`() throws {
    var talk = Talk()
    let (a, b) = (try talk.client(), try talk.client())
    for request: Request in [
      .create(Create("/n")), .getData(path: "/n", watch: true),
      .exists(path: "/m", watch: true), .getChildren(path: "/n", watch: true),
    ] { _ = try talk.reply(a, request) }
    _ = try talk.reply(b, .getData(path: "/n", watch: true))
    func answer(_ word: String) -> String {
      let asking = talk.open()
      talk.send(ByteBuffer(string: word), on: asking)
      return String(buffer: talk.bytes(asking))
    }
    let (one, two) = (talk.server.session(of: a), talk.server.session(of: b))
    #expect(answer("wchs") == "2 connections watching 2 paths\nTotal watches:3\n")
    #expect(answer("wchp") == "/m\n\t\(one)\n/n\n\t\(one)\n\t\(two)\n\n")
    #expect(answer("wchc") == "\(one)\n\t/m\n\t/n\n\(two)\n\t/n\n\n")
    #expect(answer("mntr").contains("zk_watch_count\t4\n"))
  }

  /// Apache's server groups connections by when something must come on them, in steps of ten
  /// seconds; and what it answers to words it has sent.
  @Test func `Connections are told with their deadlines, and words are counted`() throws {
    var talk = Talk()
    _ = (try talk.client(timeout: 4000), try talk.client(timeout: 30_000))
    talk.advance(to: 1500)
    func answer(_ word: String) -> String {
      let asking = talk.open()
      talk.send(ByteBuffer(string: word), on: asking)
      return String(buffer: talk.bytes(asking))
    }
    let sets = answer("dump").split(separator: "\n").drop { !$0.hasPrefix("Connections Sets") }
    #expect(
      sets.filter { !$0.hasPrefix("\t") } == [
        "Connections Sets (3)/(3):", "1 expire at Wed Jan 01 00:00:10 UTC 2020:",
        "1 expire at Wed Jan 01 00:00:20 UTC 2020:", "1 expire at Wed Jan 01 00:00:40 UTC 2020:",
      ])
    func sent() -> Int? {
      let line = answer("stat").split(separator: "\n").first { $0.hasPrefix("Sent: ") }
      return line.flatMap { Int($0.dropFirst(6)) }
    }
    let (first, second) = (try #require(sent()), try #require(sent()))
    #expect(second == first + 1)
  }

  @Test func `A word that is not allowed is refused in Apache's words`() throws {
    var settings = Settings()
    settings.words = [.ruok]
    var talk = Talk(settings)
    let (a, b, c) = (talk.open(), talk.open(), talk.open())
    talk.send(ByteBuffer(string: "mntr"), on: a)
    talk.send(ByteBuffer(string: "dump"), on: b)
    talk.send(ByteBuffer(string: "ruok"), on: c)
    #expect(
      String(buffer: talk.bytes(a)) == "mntr is not executed because it is not in the whitelist.\n")
    #expect(
      String(buffer: talk.bytes(b)) == "dump is not executed because it is not in the whitelist.\n")
    #expect(String(buffer: talk.bytes(c)) == "imok")
    #expect(talk.closed == [a, b, c])
  }

  /// Of AdminServer's commands the last four have four letters too; Apache's server closes there.
  @Test(arguments: ["GET / HTTP/1.1\r\n", "lead", "obsr", "orst", "sysp"])
  func `An unknown word is a length that nobody accepts`(text: String) throws {
    var talk = Talk()
    let a = talk.open()
    talk.send(ByteBuffer(string: text), on: a)
    #expect(talk.closed == [a])
    #expect(talk.bytes(a).readableBytes == 0)
  }
}
