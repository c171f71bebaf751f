internal import NIOCore
internal import NIOHTTP1

/// What is asked of a server over HTTP, beside its clients.
enum WebSite: Hashable, Sendable {
  /// The AdminServer's commands, below this path.
  case admin(commands: String)
  /// What Prometheus collects.
  case metrics

  /// What is answered.
  struct Answer: Hashable, Sendable {
    var status = HTTPResponseStatus.ok
    /// The type of the text; nil for the none of Apache's list of commands.
    var type: String? = "text/plain; charset=utf-8"
    var text = ""
  }

  /// Answers a request, at once or when what it tells of is stable.
  func answer(
    _ head: HTTPRequestHead, by hub: Hub, then: @escaping (Answer) -> Void
  ) {
    guard head.method == .GET || head.method == .HEAD else {
      return then(Answer(status: .methodNotAllowed, text: "only GET is supported here\n"))
    }
    let parts = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let path = String(parts.first ?? "")
    switch self {
    case .metrics:
      guard path == "/metrics" || path == "/" else { return then(Self.missing(path)) }
      hub.ask(waits: false) { server in
        Answer(type: "text/plain; version=0.0.4; charset=utf-8", text: server.exposition)
      } then: {
        then($0)
      }
    case .admin(let commands):
      guard path == commands || path.hasPrefix(commands + "/") else {
        return then(Self.missing(path))
      }
      let name = String(path.dropFirst(commands.count + 1))
      guard !name.isEmpty else {
        return then(Answer(type: nil, text: AdminCommand.list(commands)))
      }
      let query = Self.query(parts.count > 1 ? parts[1] : "")
      hub.ask(waits: AdminCommand(name: name)?.tellsOfTree == true) { server in
        Answer(type: "application/json", text: server.answer(toAdmin: name, query))
      } then: {
        then($0)
      }
    }
  }

  private static func missing(_ path: String) -> Answer {
    Answer(status: .notFound, text: "there is no \(path)\n")
  }

  /// Names and values; no value that is asked for needs to be quoted.
  private static func query(_ text: Substring) -> [String: String] {
    let pairs = text.split(separator: "&").map { pair in
      let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (String(halves[0]), halves.count > 1 ? String(halves[1]) : "")
    }
    return Dictionary(pairs) { first, _ in first }
  }
}

/// One connection's part in its channel.
final class WebHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let site: WebSite
  private let hub: Hub
  private let limit: Int
  private var head: HTTPRequestHead?

  init(_ site: WebSite, _ hub: Hub, limit: Int) {
    self.site = site
    self.hub = hub
    self.limit = limit
  }

  func channelActive(context: ChannelHandlerContext) {
    hub.webConnections += 1
    if hub.webConnections > limit { context.close(promise: nil) }
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    hub.webConnections -= 1
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): self.head = head
    case .body: break
    case .end:
      guard let head else { return }
      self.head = nil
      let channel = context.channel
      site.answer(head, by: hub) { Self.send($0, to: head, on: channel) }
    }
  }

  private static func send(
    _ answer: WebSite.Answer, to head: HTTPRequestHead, on channel: any Channel
  ) {
    var headers = HTTPHeaders([("Content-Length", "\(answer.text.utf8.count)")])
    if let type = answer.type { headers.add(name: "Content-Type", value: type) }
    if answer.status == .methodNotAllowed { headers.add(name: "Allow", value: "GET, HEAD") }
    if !head.isKeepAlive { headers.add(name: "Connection", value: "close") }
    let response = HTTPResponseHead(version: head.version, status: answer.status, headers: headers)
    channel.write(HTTPServerResponsePart.head(response), promise: nil)
    if head.method != .HEAD {
      let body = ByteBuffer(string: answer.text)
      channel.write(HTTPServerResponsePart.body(.byteBuffer(body)), promise: nil)
    }
    let isKept = head.isKeepAlive
    channel.writeAndFlush(HTTPServerResponsePart.end(nil)).whenComplete { _ in
      if !isKept { channel.close(promise: nil) }
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    // Nobody has asked anything for a while.
    if event is IdleStateHandler.IdleStateEvent {
      context.close(promise: nil)
    } else {
      context.fireUserInboundEventTriggered(event)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
