import Foundation
import Histories
import Lab
import Reports

/// What the clients of a run saw, drawn with the reason why it breaks a guarantee:
/// `history FILE linearizable`.
enum RunHistory {
  /// The picture, and where it is kept.
  static func drawing(
    _ words: [String], below folder: URL
  ) throws -> (markdown: String, picture: String, svg: String) {
    guard words.count == 2, let guarantee = Guarantee(rawValue: words[1]) else {
      throw NotesError("a history is of a run, and of a guarantee that it breaks")
    }
    let file = try Runs.file(words[0], below: folder)
    let text = try lines(of: file, Runs.laboratory(file.chapter), below: folder)
    let history = try HistoryReader(model: .register).read(text)
    guard case .refuted(let refutation) = history.judge(guarantee).verdict else {
      throw NotesError("the history of \(words[0]) keeps \(guarantee.rawValue)")
    }
    let stem = (words[0] as NSString).lastPathComponent.replacingOccurrences(of: ".run", with: "")
    let name = "pictures/\(stem)-history.svg"
    let title = "\(file.id): what its clients saw is not \(guarantee.rawValue)"
    return ("![\(title)](\(name))", name, HistoryDrawing(history, refutation, title: title).svg)
  }

  private static func lines<L: Laboratory>(
    of file: RunFile, _ laboratory: L.Type, below folder: URL
  ) throws -> String {
    let playback = try Runs.playback(of: file, laboratory, below: folder).playback
    return ClientHistory<L.Subject>(of: playback.acts, in: playback.cluster).text
  }
}
