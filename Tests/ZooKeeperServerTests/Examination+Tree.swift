import ZooKeeper
import ZooKeeperServer

/// Nodes, versions, watches, multis, numbers.
extension Examination {
  mutating func hold(_ part: Part) {
    switch part {
    case .nodes: nodes()
    case .names: names()
    case .versions: versions()
    case .lists: lists()
    case .watches: watches()
    case .restoring: restoring()
    case .multis: multis()
    case .numbers: numbers()
    case .access: access()
    case .acls: acls()
    case .dialects: dialects()
    case .order: order()
    case .handshakes: handshakes()
    case .endings: endings()
    case .limits: limits()
    }
  }

  mutating func nodes() {
    let a = client()
    ask(a, .create(Create("/n", data: Array("data \n".utf8))), .exists(path: "/n"))
    ask(a, .create(Create("/n")), .create(Create("/no/n")), .getData(path: "/n"))
    wait(1500)
    ask(a, .setData(path: "/n", data: Array("é".utf8)), .getData(path: "/n"))
    ask(a, .setData(path: "/n", data: Array("é".utf8)), .setData(path: "/n", data: nil))
    ask(a, .getData(path: "/n"), .setData(path: "/n", data: []), .getData(path: "/n"))
    ask(a, .setData(path: "/n", data: [0xff, 0, 1]), .getData(path: "/n"))
    ask(a, .setData(path: "/n", data: [UInt8](repeating: 7, count: 2000)), .getData(path: "/n"))
    wait(100)
    ask(a, .create(Create("/n/c", withStat: true)), .create(Create("/n/d")))
    ask(a, .create(Create("/n/c/g")), .exists(path: "/n"), .setData(path: "/n/c", data: [1]))
    ask(a, .exists(path: "/n"), .exists(path: "/"), .getChildren(path: "/n"))
    ask(a, .getChildren(path: "/n", withStat: true), .getChildren(path: "/"))
    ask(a, .delete(path: "/n"), .delete(path: "/n/d"), .exists(path: "/n"), .delete(path: "/no"))
    ask(a, .setACL(path: "/n", acl: .open), .exists(path: "/n"), .getACL(path: "/n"))
    ask(a, .setACL(path: "/n", acl: .open), .exists(path: "/n"))
    ask(a, .getData(path: "/no"), .exists(path: "/no"), .getChildren(path: "/no"))
    ask(a, .getACL(path: "/no"), .setData(path: "/no", data: []), .setACL(path: "/no", acl: .open))
    ask(a, .sync(path: "/n"), .sync(path: "/no"), .sync(path: nil), .ping)
    ask(a, .ping, xid: 5)
    ask(a, .exists(path: "/n"), xid: -9)
    ask(a, .create(Create("/e", mode: .ephemeral)), .create(Create("/e/c")), .exists(path: "/e"))
    ask(a, .getACL(path: "/e"))
    ask(a, .getChildren(path: "/"))
    let b = client()
    ask(b, .getData(path: "/e"), .delete(path: "/e"))
    ask(a, .delete(path: "/n/c"), .delete(path: "/zookeeper/quota"), .exists(path: "/zookeeper"))
  }

  mutating func names() {
    let a = client()
    for path in [
      "", "/", "relative", "/end/", "//two", "/n//m", "/./x", "/..", "/\u{1}", "/a\u{1f}",
      "/a\u{7f}",
      "/a\0b", "/UPPER", "/\u{f8ff}", "/\u{1f600}", "/no/.", "/n/.",
    ] {
      ask(a, .create(Create(path)), .exists(path: path), .getData(path: path))
      ask(a, .setData(path: path, data: []), .setACL(path: path, acl: .open))
      if path != "" && path != "/" { ask(a, .delete(path: path)) }
    }
    for flags in [4, 5, 7, -1, 100] {
      ask(a, .create(Create("/flags", mode: CreateMode(rawValue: Int32(flags)))))
      ask(a, .create(Create("/no/flags", acl: [], mode: CreateMode(rawValue: Int32(flags)))))
      ask(a, .multi([.create(Create("/f", mode: CreateMode(rawValue: Int32(flags))))]))
    }
    ask(a, .delete(path: "/flags"))
  }

  mutating func versions() {
    let a = client()
    ask(a, .create(Create("/v")), .create(Create("/v/c")), .create(Create("/v/d")))
    ask(a, .delete(path: "/v/d"))
    for version: Version in [-2, -1, 0, 1, 2, 5, 99] {
      ask(a, .setData(path: "/v", data: [], version: version))
      ask(a, .setACL(path: "/v", acl: .open, version: version))
      ask(a, .setACL(path: "/v", acl: [], version: version))
      ask(a, .delete(path: "/v", version: version))
      ask(a, .multi([.check(path: "/v", version: version)]))
      ask(a, .multi([.setData(path: "/v", data: [], version: version)]))
      ask(a, .create(Create("/v/x")), .setData(path: "/v/x", data: []))
      ask(a, .multi([.delete(path: "/v/x", version: version)]), .delete(path: "/v/x"))
      ask(a, .create(Create("/v/x")), .setData(path: "/v/x", data: [], version: 0))
      ask(a, .delete(path: "/v/x", version: version), .delete(path: "/v/x"))
    }
    for _ in 0..<3 { ask(a, .setACL(path: "/v/c", acl: .open)) }
    ask(a, .setACL(path: "/v/c", acl: .open, version: 0))
    ask(a, .setACL(path: "/v/c", acl: .open, version: 3))
    ask(a, .exists(path: "/v"), .exists(path: "/v/c"))
  }

  mutating func lists() {
    let a = client()
    ask(a, .getData(path: ""), .getChildren(path: ""), .exists(path: ""))
    for name in ["/l", "/l/a", "/l/b", "/l/b/c"] { ask(a, .create(Create(name))) }
    ask(a, .getChildren(path: "/l"), .getChildren(path: "/l", withStat: true))
    ask(a, .exists(path: "/l"), .delete(path: "/l"))
  }

  mutating func watches() {
    let (a, b, c) = (client(), client(), client())
    ask(a, .create(Create("/w")), .create(Create("/w/c")))
    for id in [a, b] {
      ask(id, .getData(path: "/w", watch: true), .getChildren(path: "/w", watch: true))
      ask(id, .exists(path: "/w/new", watch: true), .getData(path: "/w/none", watch: true))
      ask(id, .getChildren(path: "/w/none", watch: true), .exists(path: "/w/c", watch: true))
    }
    ask(b, .getChildren(path: "/w/c", watch: true), .getChildren(path: "/", watch: true))
    ask(c, .setData(path: "/w", data: [], version: 99), .setACL(path: "/w", acl: .open))
    ask(c, .create(Create("/w")), .create(Create("/w/c")), .create(Create("/w/c/deep")))
    ask(c, .setData(path: "/w/c", data: [1]), .setData(path: "/w", data: []))
    ask(c, .setData(path: "/w", data: [1]), .setData(path: "/w", data: [2]))
    ask(c, .create(Create("/w/new")), .delete(path: "/w/new"), .create(Create("/w/new")))
    ask(c, .create(Create("/w/none")), .setData(path: "/w/none", data: [3]))
    ask(c, .create(Create("/w/none/c")), .delete(path: "/w/none/c"), .delete(path: "/w/new"))
    // What a data watch, a child watch and both are told of a deletion.
    ask(c, .create(Create("/w/gone")))
    ask(a, .getData(path: "/w/gone", watch: true))
    ask(b, .getChildren(path: "/w/gone", watch: true))
    ask(c, .delete(path: "/w/gone"), .create(Create("/w/gone")), .delete(path: "/w/gone"))
    // Reads without a watch, and with one of another kind.
    ask(a, .getData(path: "/w", watch: true), .getData(path: "/w"), .exists(path: "/w"))
    ask(b, .getData(path: "/w", watch: true), .getChildren(path: "/w"))
    ask(c, .create(Create("/w/k")), .setData(path: "/w", data: [4]), .delete(path: "/w/k"))
    ask(a, .getChildren(path: "/w", watch: true, withStat: true))
    ask(c, .create(Create("/w/k")), .delete(path: "/w/k"))
    ask(a, .getChildren(path: "/w", watch: true), .exists(path: "/w", watch: true))
    ask(c, .multi([.create(Create("/w/m")), .setData(path: "/w", data: [5])]))
    ask(a, .getChildren(path: "/w", watch: true), .exists(path: "/w", watch: true))
    ask(a, .create(Create("/w/own")), .setData(path: "/w", data: [6]))
    ask(a, .exists(path: "/w/own", watch: true))
    ask(a, .delete(path: "/w/own"), .sync(path: "/w"))
    ask(b, .sync(path: "/w"))
    ask(c, .create(Create("/w/e", mode: .ephemeral)))
    ask(a, .exists(path: "/w/e", watch: true))
    ask(b, .getChildren(path: "/w", watch: true))
    ask(c, .closeSession)
    ask(a, .sync(path: "/"))
    ask(b, .sync(path: "/"))
  }

  mutating func restoring() {
    let a = client()
    for path in ["/r", "/r/a", "/r/b", "/r/d"] { ask(a, .create(Create(path))) }
    let seen = server.service.applied.zxid
    let before = client()
    ask(
      before,
      .setWatches(
        SetWatches(
          relativeZxid: seen, data: ["/r/a", "/r/b"], exist: ["/r/x", "/r/y"],
          child: ["/r", "/r/a"])))
    ask(a, .setData(path: "/r/a", data: []), .setData(path: "/r/b", data: []))
    ask(a, .create(Create("/r/x")), .create(Create("/r/y")), .create(Create("/r/a/c")))
    ask(a, .delete(path: "/r/d"))
    let after = client()
    ask(
      after,
      .setWatches(
        SetWatches(
          relativeZxid: seen, data: ["/r/a", "/r/d", "/r"], exist: ["/r/x", "/r/z"],
          child: ["/r", "/r/a", "/r/d"])))
    ask(a, .setData(path: "/r", data: []), .create(Create("/r/z")), .create(Create("/r/q")))
    let late = client()
    ask(
      late,
      .setWatches(
        SetWatches(relativeZxid: server.service.applied.zxid, data: ["/r"], child: ["/r"])))
    ask(a, .delete(path: "/r/q"))
  }

  mutating func multis() {
    let a = client()
    ask(a, .create(Create("/m")), .multi([]))
    ask(
      a,
      .multi([
        .create(Create("/m/a", data: [1])), .setData(path: "/m/a", data: [2]),
        .setData(path: "/m/a", data: [3]), .check(path: "/m/a", version: 2),
        .create(Create("/m/b", withStat: true)), .delete(path: "/m/b"),
      ]), .exists(path: "/m/a"), .exists(path: "/m"))
    ask(
      a,
      .multi([
        .create(Create("/m/s", mode: .persistentSequential)), .create(Create("/m/x")),
        .check(path: "/m", version: 9), .create(Create("/m/y")), .delete(path: "/m/a"),
      ]), .exists(path: "/m"), .getChildren(path: "/m"))
    ask(a, .create(Create("/m/s", mode: .persistentSequential)))
  }

  mutating func numbers() {
    let a = client()
    ask(a, .create(Create("/q")))
    for mode in [CreateMode.persistentSequential, .ephemeralSequential] {
      for name in ["/q/a-", "/q/b-", "/q/"] { ask(a, .create(Create(name, mode: mode))) }
    }
    ask(a, .create(Create("/q/plain")), .create(Create("/q/a-", mode: .persistentSequential)))
    ask(a, .delete(path: "/q/plain"), .getChildren(path: "/q"), .exists(path: "/q"))
    for _ in 0..<9 { ask(a, .create(Create("/q/a-", mode: .persistentSequential))) }
    ask(a, .create(Create("/q/c-", mode: .persistentSequential, withStat: true)))
    for _ in 0..<2 {
      ask(a, .create(Create("/zookeeper/quota/n", mode: .persistentSequential)))
    }
    ask(a, .closeSession)
    let b = client()
    ask(b, .getChildren(path: "/q"))
  }
}
