/// Why a block of the Notes cannot be made.
struct NotesError: Error, Equatable, CustomStringConvertible {
  /// Where its marker stands: `Notes/03-two-phase-commit.md:12`; nil where only the caller knows.
  var place: String?
  /// What is wrong, in a sentence.
  let reason: String

  init(_ reason: String, at place: String? = nil) {
    self.reason = reason
    self.place = place
  }

  var description: String { (place.map { "\($0): " } ?? "") + reason }
}
