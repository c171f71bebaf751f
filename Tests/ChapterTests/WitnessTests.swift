import Catalogue
import Lab
import ProtocolCore
import Testing

/// A property that nothing can violate says nothing; an exploration that could find nothing, too.
struct PropertyWitnessTests {
  @Test(arguments: Catalogue.names)
  func `Each property is violated by a rule that is left out or by a flaw`(
    chapter: String
  ) throws {
    try #require(Catalogue.named(chapter)).expectWitnesses()
  }

  @Test func `An exploration tells what it would have caught, and for what it is too small`() throws
  {
    let laboratory = try #require(Catalogue.named("2pc"))
    let lines = try laboratory.powerOfSmallest()
    #expect(lines.count == 3)
    #expect(lines.first?.contains("voteStoredFirst (AC1") == true)
    // One participant has no peer to ask, and no operator is asked.
    #expect(lines.dropFirst().first?.contains("decidedAnswers") == true)
    #expect(lines.last?.contains("could not have failed: reported") == true)
  }
}

extension Laboratory {
  fileprivate static func expectWitnesses() {
    let witnessed = Set(experiments.flatMap(\.violates))
    let missing = Subject.Property.judged.filter { !witnessed.contains($0) }
    #expect(missing == [])
  }

  fileprivate static func powerOfSmallest() throws -> [String] {
    let cluster = try Cluster<Subject>(Subject.topology(1), bounds: usualBounds)
    return try power(of: explorer(of: cluster, usually: true)).lines
  }
}
