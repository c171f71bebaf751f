import Testing
import ZooKeeperClient

@Suite struct ConnectStringTests {
  @Test(arguments: [
    ("a", ["a:2181"], ""),
    ("a:1", ["a:1"], ""),
    ("a:1,b:2,c", ["a:1", "b:2", "c:2181"], ""),
    ("a:1, b:2/", ["a:1", "b:2"], ""),
    ("10.0.0.1:2181/app/one", ["10.0.0.1:2181"], "/app/one"),
    ("[::1]:7,[fe80::1]/x", ["[::1]:7", "[fe80::1]:2181"], "/x"),
  ])
  func `Servers, then a root`(text: String, hosts: [String], root: String) throws {
    let string = try ConnectString(text)
    #expect(string.hosts.map(\.description) == hosts)
    #expect(string.chroot.path == root)
  }

  @Test(arguments: [
    ("", ConnectString.Fault.noHost), (",", .noHost), ("/app", .noHost),
    ("a:0", .badHost("a:0")), ("a:65536", .badHost("a:65536")), ("a:x", .badHost("a:x")),
    (":1", .badHost(":1")), ("[::1", .badHost("[::1")), ("[::1]x", .badHost("[::1]x")),
    ("a b:1", .badHost("a b:1")),
    ("a//", .badChroot("//")), ("a/b/", .badChroot("/b/")), ("a/./b", .badChroot("/./b")),
    ("a/..", .badChroot("/..")), ("a/\0", .badChroot("/\0")),
  ])
  func `What is none says why`(text: String, fault: ConnectString.Fault) {
    #expect(throws: ClientError(.connectString(fault))) { try ConnectString(text) }
  }
}
