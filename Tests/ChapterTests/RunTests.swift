import Catalogue
import Lab
import ProtocolCore
import Testing

struct RunTests {
  @Test(arguments: Recorded.all)
  func `A run reads as it was written`(run: Recorded) throws {
    try read(run, as: laboratory(of: run.chapter))
  }

  /// `swift run maintain update` rewrites what followed.
  private func read<S: Laboratory>(_ run: Recorded, as laboratory: S.Type) throws {
    let playback = try run.playback(laboratory)
    for failure in playback.failures { Issue.record("\(failure)") }
    #expect(playback.file.chapter == run.chapter)
    let id = playback.file.id
    #expect("\(run.chapter.uppercased())-\(run.name)".hasPrefix(id) || run.name.hasPrefix(id))
  }

  @Test(arguments: Catalogue.names)
  func `A chapter has runs`(chapter: String) {
    #expect(Recorded.scenarios.contains { $0.chapter == chapter })
  }
}
