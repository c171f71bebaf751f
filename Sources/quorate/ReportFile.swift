import Conformance
import Foundation
import Reports

/// The report of a run, from before the run begins until it is whole.
///
/// Whoever reads it in between, or after the run was killed, reads that nothing was judged: never
/// an earlier run's verdicts. Beside it a journal takes the verdicts as they fall.
final class ReportFile: Sendable {
  private let outlet: Outlet
  private let target: String
  /// The file taken, so that no second run writes it meanwhile.
  private let hold: FileHandle?
  /// The journal, as somebody would type its name.
  let journal: String
  private let journalFile: Int32
  /// What writes into the journal.
  let writer: JournalWriter

  /// Takes the report's file, and makes a journal under a name that nobody has.
  ///
  /// - Throws: ``Refusal`` if the report cannot be written or another run is writing it.
  init(_ path: String, target: String) throws {
    outlet = try Outlet("--junit", path)
    self.target = target
    hold = try outlet.taken()
    guard let (name, descriptor) = outlet.companion("ndjson") else {
      throw Refusal(
        .usage,
        "\(outlet.option) \(path): no journal can be made beside it: \(Refusal.words(errno))")
    }
    (journal, journalFile) = (name, descriptor)
    writer = JournalWriter(FileHandle(fileDescriptor: descriptor, closeOnDealloc: false))
    let why = "the run has not ended; its verdicts so far: quorate report \(name.typed)"
    guard let hold else { return }
    do {
      try outlet.fill(hold, try text(why))
    } catch {
      removeJournal()
      throw error
    }
  }

  /// As it was named.
  var path: String { outlet.path }

  /// Writes the report, and removes the journal.
  ///
  /// - Throws: ``Refusal``, which says where the journal is.
  func write(_ journal: Journal) throws {
    do {
      try outlet.write(try JUnitReport(journal, version: Version.number).xml())
    } catch {
      let verdicts = writer.isCut ? "the first verdicts" : "the verdicts"
      throw Refusal(
        .error,
        """
        \(Refusal(error).sentence)
        \(verdicts) are in \(self.journal): quorate report \(self.journal.typed) > results.xml
        """)
    }
    removeJournal()
  }

  /// Writes that nothing was judged, and why.
  func write(nothingJudged why: String) {
    if let text = try? text(why) { try? outlet.write(text) }
    removeJournal()
  }

  private func text(_ why: String) throws -> String {
    try JUnitReport.ofNothing(why, target: target, version: Version.number)
  }

  private func removeJournal() {
    close(journalFile)
    unlink(journal)
  }
}

extension String {
  /// As it is typed into a shell.
  var typed: String { Typed.word(self) }
}
