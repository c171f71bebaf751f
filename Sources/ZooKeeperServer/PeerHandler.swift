internal import NIOCore
internal import ZooKeeper

/// One connection's part in its channel.
final class PeerHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let hub: Hub
  private let isSecure: Bool
  private var id: ConnectionID?

  init(_ hub: Hub, isSecure: Bool) {
    self.hub = hub
    self.isSecure = isSecure
  }

  func channelActive(context: ChannelHandlerContext) {
    // Named first: it may be closed before this returns.
    let id = hub.nextConnection()
    self.id = id
    hub.opened(id, context.channel, isSecure: isSecure)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if let id { hub.received(unwrapInboundIn(data), from: id) }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if let event = event as? ChannelEvent, event == .inputClosed {
      if let id { hub.inputEnded(id) }
    } else if let certificate = event as? ShownCertificate {
      if let id { hub.shown(certificate, on: id) }
    } else {
      context.fireUserInboundEventTriggered(event)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    if let id { hub.closed(id) }
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if let id { hub.broke(id, error) }
    context.close(promise: nil)
  }
}
