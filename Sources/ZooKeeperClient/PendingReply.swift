public import ZooKeeper

/// An answer that is under way.
///
/// Requests of one client are sent in the order in which they are asked, and answered in that
/// order, so many can be under way at once:
///
/// ```swift
/// let pending = (0..<1000).map { client.ask(.create(Create("/n\($0)"))) }
/// for each in pending { try await each.answer() }
/// ```
///
/// It may be awaited any number of times. One that is dropped unawaited is executed all the same.
public final class PendingReply: Sendable {
  private let part: SendPart
  private let ticket: Ticket
  /// What is asked, for errors.
  private let subject: String?

  init(_ part: SendPart, _ ticket: Ticket, asking subject: String? = nil) {
    self.part = part
    self.ticket = ticket
    self.subject = subject
  }

  deinit { part.forget(ticket) }

  /// Whether it can be awaited without waiting.
  public var isSettled: Bool { part.isSettled(ticket) }

  /// Waits for whatever the server says, errors included.
  ///
  /// - Throws: If the server says nothing: the connection is lost, the session has expired, the
  ///   time is over, the task was cancelled.
  public func reply() async throws(ClientError) -> ArrivedReply {
    do throws(ClientError) {
      return try await part.answer(ticket).get()
    } catch {
      throw self.error(error.reason)
    }
  }

  /// Waits for the answer.
  ///
  /// - Throws: Also what the server refuses, see ``ClientError/code``.
  @discardableResult
  public func answer() async throws(ClientError) -> Answer {
    switch try await reply().content {
    case .answer(let answer): return answer
    case .failure(let code): throw error(.refused(code))
    case .malformed(let fault): throw error(.malformed(fault))
    case .raw: throw error(.unexpectedAnswer)
    }
  }

  /// The error of this reason, with what was asked.
  func error(_ reason: ClientError.Reason) -> ClientError {
    ClientError(reason, asking: subject)
  }
}
