import Testing
import ZooKeeper
import ZooKeeperWire

@testable import ZooKeeperServer

/// Carrying a session on while its disk is behind.
@Suite struct ResumingTests {
  @Test func `Is told ahead of the disk only when that has the session`() throws {
    var settings = Settings()
    settings.storage = Settings.Storage(dataFolder: "", logFolder: "", port: 0) { _ in 0 }
    var talk = Talk(settings)
    talk.server.stored = talk.server.figures
    let first = talk.open()
    let granted = try talk.connect(ConnectRequest(timeout: 10_000), on: first)
    func resume() throws -> Int? {
      talk.drop(first)
      _ = talk.server.takeAtOnce()
      let other = talk.open()
      let request = ConnectRequest(
        timeout: 10_000, session: granted.session, password: granted.password)
      #expect(try talk.connect(request, on: other).session == granted.session)
      return talk.server.takeAtOnce()[other]
    }
    // Were it told now and the power gone then, there would be no such session.
    #expect(try resume() == nil)
    talk.server.stored = talk.server.figures
    #expect(try resume() == 1)
  }
}
