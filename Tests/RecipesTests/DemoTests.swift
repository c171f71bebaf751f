import Recipes
import RecipesLab
import Testing

/// The demos in the laboratory.
@Suite struct DemoTests {
  struct Broken: CustomTestStringConvertible, Sendable {
    let demo: Demo
    let rule: Rule
    var testDescription: String { "\(demo.name) without \(rule)" }

    static let all = Demo.all.flatMap { demo in demo.rules.map { Broken(demo: demo, rule: $0) } }
  }

  private func findings(_ demo: Demo, without rules: Set<Rule> = []) -> [Demo.Scene.Finding] {
    demo.scenes.flatMap { scene in
      scene.findings(scene.play(without: rules), isLive: false).map(\.finding)
    }
  }

  @Test(arguments: Demo.all.map(\.name))
  func whatADemoPromisesHolds(name: String) throws {
    let demo = try #require(Demo.all.first { $0.name == name })
    #expect(findings(demo).allSatisfy { $0 == .held })
  }

  @Test(arguments: Broken.all)
  func withoutARuleADemoShowsWhatIsBroken(broken: Broken) {
    let isSeen = findings(broken.demo, without: [broken.rule]).contains {
      if case .broken = $0 { true } else { false }
    }
    #expect(isSeen)
  }

  @Test(arguments: Program.all.map(\.name))
  func whatARecipeIsIsSaid(name: String) throws {
    let program = try #require(Program.all.first { $0.name == name })
    #expect(!program.about.isEmpty)
    let known = Program.all.map(\.name)
    #expect(program.relative.map(known.contains) ?? true)
    #expect(Set(program.rules).count == program.rules.count)
  }

  /// Consumers that nobody wakes do no order, and what the judge calls that is not told.
  @Test func whatNobodyDoesIsNotCalledDone() throws {
    let scene = try #require(Demo.queue.scenes.first)
    let findings = scene.findings(scene.play(without: [.leavesWatch]), isLive: false)
    let orders = try #require(findings.first { $0.promise == "every order is done" })
    #expect(orders.finding != .held)
    #expect(Set(findings.map(\.promise)).isSubset(of: Set(scene.promises.map(\.words))))
  }

  /// Every fault of a demo strikes, and everybody who is stopped goes on.
  @Test(arguments: Demo.all.map(\.name))
  func everyCueIsMet(name: String) throws {
    let demo = try #require(Demo.all.first { $0.name == name })
    for scene in demo.scenes {
      let moments = scene.play().moments
      func count(_ isIt: (Moment.What) -> Bool) -> Int { moments.count { isIt($0.what) } }
      let stops = count { if case .stopped = $0 { true } else { false } }
      let kills = count { if case .killed = $0 { true } else { false } }
      #expect(stops + kills == scene.cues.count)
      #expect(count { if case .goesOn = $0 { true } else { false } } == stops)
    }
  }

  @Test func whatIsSeenOnlyAtRestIsNotClaimedOfARealServer() throws {
    let scene = try #require(Demo.queue.scenes.first)
    let findings = scene.findings(scene.play(), isLive: true)
    #expect(findings.filter { $0.finding == .notJudged }.map(\.promise).count == 1)
  }
}
