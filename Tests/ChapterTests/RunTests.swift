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

  /// Two show what comes of it when clocks do not keep to their bounds.
  ///
  /// At the end of the others every timer runs out in turn, for the reader, as no clocks would have
  /// it.
  @Test func `Two stories leave the model because of clocks`() throws {
    var leaving: [String] = []
    func visit<S: Laboratory>(_ laboratory: S.Type, _ run: Recorded) throws {
      let reason = try run.playback(laboratory).departure?.reason
      if reason == .fault(.drift) { leaving.append(run.name) }
    }
    for run in Recorded.all { try visit(try laboratory(of: run.chapter), run) }
    #expect(
      Set(leaving) == [
        "RAFT-S17d-lease-read-clock-drift.run", "MULTIPAXOS-S16-master-lease-stale-read.run",
        "without-quorumChecked.run", "without-proposalsRepeated.run",
      ])
  }

  @Test(arguments: Catalogue.names)
  func `A chapter has runs`(chapter: String) {
    #expect(Recorded.scenarios.contains { $0.chapter == chapter })
  }
}
