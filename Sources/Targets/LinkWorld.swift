import Conformance
import Foundation
import ZooKeeperClient
import ZooKeeperConformance
import ZooKeeperServer

/// Time that passes when it is told to.
protocol VirtualTime: Sendable {
  /// Lets a little time pass, at most until `deadline`.
  func advance(upTo deadline: Int64)
  /// Lets time pass until it is that late.
  func advance(to time: Int64)
  /// Lets all that `send` sends be under way at once.
  func together(_ send: () -> Void)
}

/// A service at the other end of a link.
struct LinkWorld<L: Link>: ServiceWorld {
  let link: L
  let host: HostAddress
  /// What the wall clock shows at time 0, where time is virtual.
  var epoch = Settings().epoch

  var now: Int64 { link.now }

  var wallClock: Int64 {
    isVirtual ? epoch + now : Int64(Date().timeIntervalSince1970 * 1000)
  }

  var isVirtual: Bool { link is any VirtualTime }

  func pass(_ milliseconds: Int64) async {
    guard milliseconds > 0 else { return }
    guard let virtual = link as? any VirtualTime else {
      try? await Task.sleep(for: .milliseconds(milliseconds))
      return
    }
    virtual.advance(to: now + milliseconds)
  }

  func together(_ send: () -> Void) {
    guard let virtual = link as? any VirtualTime else { return send() }
    virtual.together(send)
  }

  func open(until deadline: Int64) async throws(TargetError) -> any ServiceLine {
    let line = LinkLine(Greeting(timeout: 0), over: link, until: .max, isMute: true)
    line.dial(host)
    while !line.isOpened, now < deadline { _ = await line.next(until: min(deadline, now + 10)) }
    guard line.isOpened else { throw TargetError("\(host)", .nothingListens) }
    return line
  }

  func dial(
    _ greeting: Greeting, until deadline: Int64
  ) async throws(TargetError) -> (any ServiceLine, Welcome) {
    let line = LinkLine(greeting, over: link, until: deadline)
    line.dial(host)
    let welcome = await line.welcome(until: deadline)
    guard line.isOpened else { throw TargetError("\(host)", .nothingListens) }
    return (line, welcome ?? .silence)
  }
}
