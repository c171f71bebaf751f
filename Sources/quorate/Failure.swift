import Conformance
import Foundation

/// Why a command ends without doing what it should: a sentence for standard error, and a code.
struct Refusal: Error {
  var code: Conformance.ExitCode
  var sentence: String

  init(_ code: Conformance.ExitCode, _ sentence: String) {
    self.code = code
    self.sentence = sentence
  }

  /// What `error` amounts to; nobody gets to see an error of the system library's as it is.
  init(_ error: any Error) {
    switch error {
    case let refusal as Refusal: self = refusal
    case let error as TargetError:
      if case .badURL = error.reason {
        self.init(.usage, error.description)
      } else {
        self.init(.error, error.description)
      }
    case let error as CocoaError:
      let file = error.filePath ?? error.url?.path
      self.init(.error, (file.map { "\($0): " } ?? "") + Self.words(error))
    case let error as any CustomStringConvertible where !(error is NSError):
      self.init(.usage, error.description)
    default: self.init(.error, error.localizedDescription)
    }
  }

  private static func words(_ error: CocoaError) -> String {
    if let cause = error.underlying as? POSIXError { return Self.words(cause.code.rawValue) }
    switch error.code {
    case .fileNoSuchFile, .fileReadNoSuchFile: return Self.words(ENOENT)
    case .fileWriteNoPermission, .fileReadNoPermission: return Self.words(EACCES)
    case .fileWriteOutOfSpace: return Self.words(ENOSPC)
    case .fileWriteVolumeReadOnly: return Self.words(EROFS)
    case .fileReadInapplicableStringEncoding: return "it is not UTF-8"
    default: return "it cannot be read or written"
    }
  }

  /// The system's words for an error number.
  static func words(_ number: Int32) -> String {
    String(cString: strerror(number)).lowercasingFirst
  }
}

extension String {
  fileprivate var lowercasingFirst: String { prefix(1).lowercased() + dropFirst() }
}

/// A refusal that is to be thrown.
func failure(_ code: Conformance.ExitCode, _ sentence: String) -> Refusal {
  Refusal(code, sentence)
}

/// Does something that depends on files and targets; what is wrong with them ends the command.
func told<T>(_ body: () async throws -> T) async throws -> T {
  do {
    return try await body()
  } catch let error as FixtureError {
    throw failure(.usage, error.description)
  } catch let error as TargetError {
    throw Refusal(error)
  }
}
