import Testing
import ZooKeeper

@testable import ZooKeeperClient

@Suite struct ChrootTests {
  private let app = Chroot("/app") ?? .none

  @Test func `Every path that goes out stands below it`() {
    let requests: [(Request, Request)] = [
      (.create(Create("/a")), .create(Create("/app/a"))),
      (.delete(path: "/a"), .delete(path: "/app/a")),
      (.exists(path: "/a", watch: true), .exists(path: "/app/a", watch: true)),
      (.getData(path: "/"), .getData(path: "/app")),
      (.setData(path: "/a", data: nil), .setData(path: "/app/a", data: nil)),
      (.getACL(path: "/a"), .getACL(path: "/app/a")),
      (.setACL(path: "/a", acl: []), .setACL(path: "/app/a", acl: [])),
      (.getChildren(path: "/"), .getChildren(path: "/app")),
      (.sync(path: "/a"), .sync(path: "/app/a")),
      (.sync(path: nil), .sync(path: nil)),
      (.check(path: "/a", version: 1), .check(path: "/app/a", version: 1)),
      (
        .multi([
          .create(Create("/a")), .delete(path: "/a"), .setData(path: "/a", data: []),
          .check(path: "/a", version: 0),
        ]),
        .multi([
          .create(Create("/app/a")), .delete(path: "/app/a"), .setData(path: "/app/a", data: []),
          .check(path: "/app/a", version: 0),
        ])
      ),
      (
        .setWatches(SetWatches(relativeZxid: Zxid(1), data: ["/a"], exist: ["/b"], child: ["/"])),
        .setWatches(
          SetWatches(relativeZxid: Zxid(1), data: ["/app/a"], exist: ["/app/b"], child: ["/app"]))
      ),
      (
        .setWatches(
          SetWatches(
            relativeZxid: Zxid(1),
            lasting: SetWatches.Lasting(persistent: ["/a"], recursive: ["/"]))),
        .setWatches(
          SetWatches(
            relativeZxid: Zxid(1),
            lasting: SetWatches.Lasting(persistent: ["/app/a"], recursive: ["/app"])))
      ),
      (.addWatch(path: "/a", mode: .persistent), .addWatch(path: "/app/a", mode: .persistent)),
      (.checkWatches(path: "/", type: .any), .checkWatches(path: "/app", type: .any)),
      (.removeWatches(path: "/a", type: .data), .removeWatches(path: "/app/a", type: .data)),
      (
        .multiRead([.getData(path: "/a"), .getChildren(path: "/")]),
        .multiRead([.getData(path: "/app/a"), .getChildren(path: "/app")])
      ),
      (.getEphemerals(prefix: "/a"), .getEphemerals(prefix: "/app/a")),
      (.getEphemerals(prefix: nil), .getEphemerals(prefix: "/app/")),
      (.getEphemerals(prefix: "/"), .getEphemerals(prefix: "/app/")),
      (.getAllChildrenNumber(path: "/"), .getAllChildrenNumber(path: "/app")),
      (.whoAmI, .whoAmI), (.sasl(token: []), .sasl(token: [])),
      (.ping, .ping),
    ]
    for (inside, outside) in requests {
      #expect(app.out(inside) == outside)
      #expect(Chroot.none.out(inside) == inside)
    }
  }

  @Test func `Every path that comes back has it cut off`() {
    #expect(app.back(.created(path: "/app/a")) == .created(path: "/a"))
    #expect(app.back(.synced(path: "/app")) == .synced(path: "/"))
    #expect(app.back(.ephemerals(["/app/e"])) == .ephemerals(["/e"]))
    #expect(app.back(.multi([.created(path: "/app/a")])) == .multi([.created(path: "/a")]))
    #expect(app.back(.children(["app"])) == .children(["app"]))
    #expect(app.back("/apple") == "/apple")
    #expect(app.back("/other") == "/other")
  }

  @Test func `What is no path is not made one`() {
    #expect(app.out(.getData(path: "a")) == .getData(path: "a"))
    #expect(app.out(Request.create(Create(""))) == .create(Create("")))
    #expect(app.out(.getData(path: "")) == .getData(path: "/app"))
  }
}
