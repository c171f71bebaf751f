import BASE
import BASELab
import Lab
import ProtocolCore
import Testing

/// What the judge of the store sees, and what it does not take for wrong.
struct JudgeTests {
  /// Plays a run; what does not hold in it.
  private func failures(_ variant: String, _ nodes: String, _ acts: String) throws -> [String] {
    let head = "run BASE-900 a test\nnodes \(nodes)\nvariant \(variant)\n"
    let file = try RunFile(head + acts, path: "test.run")
    let playback = try Playback<BASEModel>(file, flaws: BASELaboratory.flaws)
    return playback.failures.map { "\($0)" }.filter { !$0.contains("something else followed") }
  }

  private static let two = "a replica, b replica, s session(a b), t session(b)"

  @Test func `A read that timed out does not keep the judge from what was deleted`() throws {
    let acts = """
      without tombstoneKept
      > ask y→t read l ; store t ; expire t attempt 1
      > ask x→s write k 1 ; store s ; deliver s→a put 1 k 1 seen nothing ; store a
      > deliver a→b cells k 1 (a1) ; store b ; deliver a→s put-done 1 a1
      > ask x→s read k ; store s ; deliver s→b get 2 k seen nothing ; deliver b→s got 2 1 (a1)
      > ask x→s delete k ; store s ; deliver s→a put 3 k none seen a1 ; store a
      > deliver a→s put-done 3 nothing
      = violates overwrittenGone
      """
    #expect(try failures("siblings", Self.two, acts) == [])
  }

  @Test func `A value that was taken twice may stay when one of it was deleted`() throws {
    let acts = """
      > ask x→s write k 1 ; store s ; expire s attempt 1 ; deliver s→a put 1 k 1 seen nothing
      > store a ; deliver a→s put-done 1 a1 ; ask x→s read k ; store s
      > deliver s→a get 2 k seen nothing ; deliver a→s got 2 1 (a1)
      > ask x→s delete k ; store s ; deliver s→b put 3 k none seen a1 ; store b
      > deliver b→s put-done 3 a1 b1 ; deliver s→b put 1 k 1 seen nothing ; store b
      = holds overwrittenGone convergence updatesKept
      """
    #expect(try failures("siblings", Self.two, acts) == [])
  }

  @Test func `A session is not served by a server that it does not know`() throws {
    let acts = """
      > cut a | b s
      > ask x→s write k 1 ; store s
      = holds served
      """
    #expect(
      try failures("siblings", "a replica, b replica, s session(a), t session(b)", acts) == [])
  }

  @Test func `A key must not be empty when it was deleted before its last write`() throws {
    let acts = """
      without cellsOutliveCrash
      > ask y→t delete k ; store t ; deliver t→b put 1 k none seen nothing ; store b
      > deliver b→t put-done 1 b1 ; deliver b→a cells k none (b1) ; store a
      > ask x→s write k 1 ; store s ; deliver s→a put 1 k 1 seen nothing ; store a
      > deliver a→s put-done 1 a1 b1 ; lose a→b cells k 1 (a1 b1)
      > crash a ; crash b ; restart a ; restart b
      = violates convergence
      """
    #expect(try failures("siblings", Self.two, acts) == [])
  }

  @Test func `It may be empty when it was deleted beside its last write`() throws {
    let acts = """
      > ask x→s write k 1 ; store s ; deliver s→b put 1 k 1 seen nothing ; store b
      > ask y→t read k ; store t ; deliver t→b get 1 k seen nothing ; deliver b→t got 1 1 (b1)
      > ask y→t delete k ; store t ; deliver t→b put 2 k none seen b1 ; store b
      > deliver b→s put-done 1 b1
      = holds convergence updatesKept overwrittenGone
      """
    #expect(
      try failures("siblings", "a replica, b replica, s session(b), t session(b)", acts) == [])
  }

  @Test func `A session that two clients ask leaves the model`() throws {
    let head = "run BASE-900 a test\nnodes a replica, s session(a), t session(a)\n"
    func departure(_ acts: String) throws -> Playback<BASEModel>.Departure.Reason? {
      try Playback<BASEModel>(RunFile(head + acts, path: "test.run")).departure?.reason
    }
    #expect(try departure("> ask x→s read k ; store s ; ask y→s read k") == .anotherClient)
    #expect(try departure("> ask x→s read k ; store s ; ask y→t read k") == nil)
  }
}
