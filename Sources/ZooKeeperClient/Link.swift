public import NIOCore

/// How a client reaches servers, and what time it is there: ``NIOLink`` over TCP, ``MemoryLink``
/// to a server in this process, in virtual time.
public protocol Link: Sendable {
  /// The time, by a clock that never goes back.
  var now: Milliseconds { get }

  /// Begins to make a connection.
  ///
  /// The receiver is told `opened` or `ended`, after this call or during it.
  func dial(_ host: HostAddress, _ number: Int, for receiver: any LinkReceiver) -> any Line

  /// Tells the receiver when it is this time.
  ///
  /// Earlier calls stay in force.
  func wake(at time: Milliseconds, _ receiver: any LinkReceiver)
}

/// One connection that was dialed.
public protocol Line: AnyObject, Sendable {
  /// Sends bytes; what is sent before the connection is made, or after its end, is lost.
  func write(_ bytes: ByteBuffer)
  /// Ends the connection. The receiver is not told of it.
  func hangUp()
  /// Takes nothing more: what the peer sends piles up, on its side in the end.
  func stopReading()
  /// Takes what has piled up, and what comes.
  func readAgain()
}

/// Who dials, and is told what comes of it.
///
/// A connection is known by its number.
public protocol LinkReceiver: AnyObject, Sendable {
  /// The connection was made.
  func opened(_ number: Int)
  /// Bytes have come.
  func received(_ bytes: ByteBuffer, _ number: Int)
  /// The connection could not be made, or has ended.
  func ended(_ number: Int)
  /// It is the time for which a wake-up was wished.
  func woke(_ time: Milliseconds)
}
