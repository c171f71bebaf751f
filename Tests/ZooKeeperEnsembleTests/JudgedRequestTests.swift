import Foundation
import Lab
import ProtocolCore
import Testing
import ZooKeeperEnsemble
import ZooKeeperEnsembleLab

/// What may be asked is judged right, however odd it is.
struct JudgedRequestTests {
  typealias Subject = ZooKeeperEnsembleModel

  /// What is answered by an error, and what is odd and done all the same.
  private static let odd = [
    "create / 1", "create -s / 1", "create -e -s / 1", "create //b 1", "create /.. 1",
    "create -s /.. 1", "create /a/ 1", "create -s /a/ 1", "create /a/./b 1", "create /none/b 1",
    "create /zookeeper 1", "create /zookeeper/b 1", "create -s /zookeeper/b 1",
    "create /zookeeper/config 1", "create /zookeeper/config/b 1", "create -e /e 1",
    "create /e/b 1", "create /e/.. 1", "set / 1", "set /zookeeper 1", "set /zookeeper/config 1",
    "set -v 7 /zookeeper/config 1", "set /zookeeper/quota 1", "set //a 1", "set /none 1",
    "delete /", "delete /zookeeper", "delete /zookeeper/config",
    "delete /zookeeper/quota",
    "delete /zookeeper/config/b", "delete /none/b", "delete //a", "delete /.", "delete /a",
    "multi check /zookeeper/config + set / 2", "multi check //a + set / 3",
    "multi set /zookeeper/config 1 + set / 4", "multi create -s / 1 + delete /zookeeper/b",
    "get /zookeeper/config", "ls /zookeeper", "stat /..", "get //a", "ls /", "get /",
  ]

  @Test func `What is odd is done, or refused, as the judge has it`() throws {
    var stage = try Stage()
    stage.begin()
    stage.play([stage.asked("x", "create /a 1")])
    for text in Self.odd {
      #expect(ZooKeeperEnsemble.Call(reading: text) != nil, "\(text)")
      stage.play([stage.asked("y", text)])
      #expect(stage.system.violatedAlways() == nil, "\(text)")
    }
    let answers = stage.notes().filter { if case .answered = $0 { true } else { false } }
    #expect(answers.count == Self.odd.count + 1)
  }

  @Test func `What would set a quota no run asks`() {
    #expect(ZooKeeperEnsemble.Call(reading: "create /zookeeper/quota/a 1") == nil)
  }

  @Test func `What a leader proposes is stamped by its clock as it reads then`() throws {
    let text = """
      run     ENSEMBLE-904  a leads when its clock has gone on, and b stamps nothing
      from    ENSEMBLE-S00
      > clock a 7 ; clock b 9
      > ask y create /a 1 ; deliver y→b #1 create /a 1
      > deliver b→a REQUEST 0x200000100000002 #1 create /a 1 ; store a
      > clock a 8
      > ask x create /b 1 ; deliver x→a #1 create /b 1
      = holds stamps
      """
    let established = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Fixtures/ZooKeeperEnsemble/ENSEMBLE-S00-led.run")
    let playback = try Playback<Subject>(
      RunFile(text, path: "test.run"), flaws: ZooKeeperEnsembleLaboratory.flaws
    ) { _ in try RunFile(String(contentsOf: established, encoding: .utf8), path: "prelude.run") }
    #expect(playback.failures == [])
  }
}
