import ArgumentParser
import Conformance

/// Ends the command with a sentence on standard error.
///
/// - Returns: What is to be thrown.
func failure(_ code: Conformance.ExitCode, _ sentence: String) -> ArgumentParser.ExitCode {
  Terminal.complain(sentence)
  return ArgumentParser.ExitCode(code.rawValue)
}

/// Does something that depends on files and targets; what is wrong with them ends the command.
func told<T>(_ body: () async throws -> T) async throws -> T {
  do {
    return try await body()
  } catch let error as FixtureError {
    throw failure(.usage, error.description)
  } catch let error as TargetError {
    if case .badURL = error.reason { throw failure(.usage, error.description) }
    throw failure(.error, error.description)
  }
}
