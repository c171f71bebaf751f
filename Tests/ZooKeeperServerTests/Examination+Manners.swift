import NIOCore
import ZooKeeper
import ZooKeeperServer
import ZooKeeperWire

/// Permissions, dialects, sessions, limits.
extension Examination {
  mutating func access() {
    let (bob, ann) = (client(), client())
    let mine = Identity.digest("bob:pw")
    for shown in ["bob:pw", "bob:other"] {
      ask(bob, .auth(scheme: "digest", credentials: Array(shown.utf8)), xid: -4)
    }
    ask(ann, .auth(scheme: "digest", credentials: Array("bob:wrong".utf8)))
    for (place, permissions) in [1, 2, 4, 8, 16, 15, 30, 31].enumerated() {
      let path = "/p\(place)"
      ask(bob, .create(Create(path, acl: [ACL(Permissions(rawValue: Int32(permissions)), mine)])))
      ask(bob, .create(Create(path + "/c")), .exists(path: path))
      for id in [bob, ann] {
        ask(id, .getData(path: path, watch: true), .getChildren(path: path), .getACL(path: path))
        ask(id, .setData(path: path, data: []), .setData(path: path, data: [], version: 99))
        ask(id, .create(Create(path + "/d")), .create(Create(path + "/d")))
        ask(id, .create(Create(path + "/..")), .create(Create(path + "/d", acl: [])))
        ask(id, .getData(path: path + "/no"), .getData(path: path + "/c"))
        ask(id, .delete(path: path + "/d", version: 9), .delete(path: path + "/no"))
        ask(id, .delete(path: path + "/d"), .delete(path: path))
        ask(id, .multi([.check(path: path, version: 0), .setData(path: path, data: [1])]))
        ask(id, .setACL(path: path, acl: [ACL(.all, mine)], version: 7), .exists(path: path))
      }
      ask(bob, .setData(path: path, data: []), .create(Create(path + "/e", mode: .ephemeral)))
      ask(ann, .create(Create(path + "/e/x")), .delete(path: path + "/c"))
      ask(bob, .setACL(path: path + "/e", acl: [ACL(.all, mine)]))
      ask(ann, .create(Create(path + "/e/x")), .getData(path: path + "/e", watch: true))
      ask(bob, .setACL(path: path + "/e", acl: .open), .setData(path: path + "/e", data: []))
    }
    ask(bob, .create(Create("/closed/x")), .create(Create("/tree")), .create(Create("/tree/c")))
    ask(bob, .setACL(path: "/tree", acl: [ACL(.read, mine)]))
    ask(ann, .getData(path: "/tree/c"), .delete(path: "/tree/c"))
    ask(bob, .delete(path: "/tree/c"))
    let other = client()
    ask(bob, .create(Create("/order", acl: [ACL(.all, mine)])), .create(Create("/order/c")))
    ask(bob, .create(Create("/order/e", mode: .ephemeral)))
    ask(other, .delete(path: "/order/c", version: 5), .delete(path: "/order/c"))
    ask(other, .getData(path: "/order"), .getACL(path: "/order"), .create(Create("/order/c")))
    ask(bob, .create(Create("/order/c/g")))
    ask(other, .delete(path: "/order/c"))
  }

  mutating func acls() {
    let a = client()
    for text in ["u:p", "v:q"] { ask(a, .auth(scheme: "digest", credentials: Array(text.utf8))) }
    let anyone = ACL(.read, .anyone)
    let entries: [[ACL]] = [
      [], .open, .creator, [anyone, anyone], [anyone, ACL(.all, Identity.digest("u:p"))],
      [ACL(Permissions(rawValue: 0x7fff_ffff), .anyone)],
      [ACL(.all, Identity(scheme: "world", id: "me"))],
      [ACL(.all, Identity(scheme: "digest", id: "bob"))],
      [ACL(.all, Identity(scheme: "nobody", id: "x")), anyone],
      [ACL(.all, Identity(scheme: "ip", id: "10.0.0.0/8"))],
      [ACL(.all, Identity(scheme: "ip", id: "::1"))],
    ]
    for (place, acl) in entries.enumerated() {
      ask(a, .create(Create("/acl\(place)", acl: acl)), .getACL(path: "/acl\(place)"))
      ask(a, .create(Create("/no/acl", acl: acl)), .create(Create("/acl0", acl: acl)))
      ask(a, .setACL(path: "/acl1", acl: acl, version: 99), .setACL(path: "/no", acl: acl))
    }
    let other = client()
    for place in entries.indices {
      ask(other, .getData(path: "/acl\(place)"), .getACL(path: "/acl\(place)"))
    }
    ask(other, .create(Create("/acl2/c", acl: [])), .create(Create("/acl2/c", acl: .creator)))
    let (refused, null, foreign) = (client(), client(), client())
    ask(refused, .auth(scheme: "digest", credentials: Array("noColon".utf8)))
    ask(null, .auth(scheme: "digest", credentials: nil))
    ask(foreign, .auth(scheme: "sasl", credentials: []))
    ask(foreign, .exists(path: "/"))
  }

  mutating func dialects() {
    let (a, b) = (client(), client())
    ask(a, .auth(scheme: "digest", credentials: Array("d:d".utf8)))
    ask(a, .create(Create("/dia", acl: .open)), .create(Create("/dia/c")))
    ask(b, .getData(path: "/dia", watch: true))
    ask(a, .setACL(path: "/dia", acl: [ACL(.all, Identity.digest("d:d"))]))
    ask(a, .setData(path: "/dia", data: []))
    ask(b, .exists(path: "/dia"), .delete(path: "/dia/no"), .exists(path: "/zookeeper/config"))
    for (place, opcode) in [0, 13, 15, 16, 22, 107].enumerated() {
      let id = client()
      raw(id, Int32(opcode), place == 2 ? [0, 0, 0, 2, 47] : [])
      ask(id, .ping)
    }
    let c = client()
    ask(c, .check(path: "/dia", version: 9))
    let d = client()
    ask(d, .check(path: "/", version: 0))
    for opcode: Int32 in [1, 4, 14, 101] { raw(a, opcode, [0, 0, 0, 9, 47]) }
    raw(a, 3, [0, 0, 0, 1, 47, 0, 1, 2, 3])
  }

  mutating func order() {
    let a = client()
    ask(a, .create(Create("/o")))
    var bytes = ByteBuffer()
    let requests: [Request] = [
      .setData(path: "/o", data: [1]), .getData(path: "/o"), .setData(path: "/o", data: [2]),
      .exists(path: "/o"),
    ]
    for (place, request) in requests.enumerated() {
      ClientFrame(xid: Xid(100 + place), request).write(to: &bytes)
    }
    send(bytes, on: a)
  }

  mutating func handshakes() {
    for timeout: Int32 in [-1, 0, 1, 4001, 40_001, .max] { _ = client(timeout) }
    _ = connect(ConnectRequest(timeout: 5000, readOnly: nil))
    for password: Payload in [nil, [], [1]] {
      _ = connect(ConnectRequest(timeout: 5000, password: password))
    }
    _ = connect(ConnectRequest(lastZxidSeen: Zxid(.max), timeout: 5000))
    _ = connect(ConnectRequest(timeout: 5000, session: SessionID(99)))
    let first = client()
    ask(first, .create(Create("/h", mode: .ephemeral)))
    let thief = resume(first, password: [UInt8](repeating: 1, count: 16))
    ask(thief, .exists(path: "/h"))
    let other = resume(first, password: .some(nil))
    ask(other, .exists(path: "/h"))
    ask(first, .exists(path: "/h"))
    let second = resume(first, timeout: 20_000, seen: 1)
    ask(second, .exists(path: "/h"))
    let third = resume(second)
    ask(second, .exists(path: "/h"))
    ask(third, .exists(path: "/h"), .closeSession)
    ask(third, .exists(path: "/h"))
    _ = resume(third)
  }

  mutating func endings() {
    let watcher = client(40_000)
    let (busy, pinging, silent) = (client(6000), client(6000), client(6000))
    for (place, id) in [busy, pinging, silent].enumerated() {
      for name in ["/x\(place)", "/y\(place)"] {
        ask(id, .create(Create(name, mode: .ephemeral)))
        ask(watcher, .exists(path: name, watch: true))
      }
    }
    drop(silent)
    ask(watcher, .exists(path: "/x2"))
    for _ in 0..<14 {
      wait(2000)
      ask(busy, .sync(path: "/"))
      ask(pinging, .ping)
      if server.now % 8000 < 2000 { ask(watcher, .ping) }
    }
    ask(watcher, .exists(path: "/x2"), .exists(path: "/"))
    _ = resume(silent)
    ask(pinging, .closeSession)
    ask(watcher, .exists(path: "/x1"))
    wait(60_000)
    let last = client()
    ask(last, .exists(path: "/x0"), .getChildren(path: "/"))
  }

  mutating func limits() {
    let a = client()
    // What a create of "/big" takes beside its data.
    let rest = 51
    for size in [70_000, 1_000_001, 0xf_ffff - rest, 0x10_0000 - rest] {
      ask(a, .create(Create("/big", data: [UInt8](repeating: 1, count: size))))
      ask(a, .delete(path: "/big"))
    }
    let silent = open()
    _ = silent
    for _ in 0..<25 { wait(1000) }
    let word = open()
    send(ByteBuffer(string: "ruok"), on: word)
  }
}
