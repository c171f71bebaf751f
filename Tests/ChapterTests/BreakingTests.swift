import Catalogue
import Lab
import Maintenance
import ProtocolCore
import Testing

/// A rule that is left out of a chapter, or a flaw that is planted in it.
struct Planted: Hashable, Sendable, CustomTestStringConvertible {
  let chapter: String
  /// How its recorded run is called.
  let stem: String
  /// Whether it violates nothing, and costs more.
  let isCostly: Bool

  var testDescription: String { "\(chapter) \(stem)" }
  var file: String { "\(stem).run" }

  static let all = (Catalogue.explorable).flatMap { all(of: $0) }
  /// What is known of their searches; nothing, if the table cannot be read.
  static let searches = (try? Searches(in: Recorded.fixtures).all) ?? []
  static let violating = all.filter { planted in
    !planted.isCostly && Catalogue.names.contains(planted.chapter)
  }

  static let quick = violating.filter { planted in
    guard let listed = planted.listed else { return true }
    return listed.acts <= (listed.runs == 0 ? 50_000 : 2_000)
  }

  /// What its search finds first.
  var listed: SearchRecord? { Self.searches.first { $0.isOf(chapter, stem) } }

  private static func all<S: Laboratory>(of laboratory: S.Type) -> [Planted] {
    S.experiments.map {
      Planted(chapter: S.name, stem: $0.change.stem, isCostly: $0.violates.isEmpty)
    }
  }

  /// What is shown of it.
  func experiment<S: Laboratory>(_ laboratory: S.Type) throws -> Experiment<S.Subject> {
    try #require(S.experiments.first { $0.change.stem == stem })
  }

  /// Which rules random faults do not come across within its budget: they want a crash at one
  /// moment, and something else soon after it.
  static let deep: Set<String> = [
    "2pc startStoredFirst", "2pc decisionStoredFirst", "locks lockOutlivesCrash",
    "q3pc electionStoredFirst", "q3pc sidesKept", "q3pc majorityElects", "q3pc laterElectionsOnly",
    "q3pc lastElectionFollowed", "q3pc attemptRemembered", "q3pc latestAttemptChosen",
    "3pc noneDecidesAlone", "3pc statesAwaited", "3pc committableCommit",
    "3pc uncertainReadiedFirst", "3pc differingAwaitAll", "paxos promiseStoredFirst",
    "paxos ballotStoredFirst", "paxos acceptanceStoredFirst", "paxos ballotOutlivesCrash",
    "paxos promiseOutlivesCrash", "paxos highestAdopted",
    "paxos acceptancePromises", "multipaxos promiseStoredFirst",
    "multipaxos acceptanceStoredFirst", "multipaxos ownVoteStoredFirst",
    "multipaxos laterBallotsOnly", "multipaxos acceptancePromises",
    "multipaxos checkpointReported", "multipaxos commitOfItsBallot", "multipaxos executedOnce",
    "multipaxos highestAdopted", "multipaxos windowKept", "multipaxos newMembersPromise",
    "multipaxos ownChoiceAnswers", "raft laterEntryAnswers", "raft toldNotRefused",
    "cap attemptStoredFirst", "cap attemptsOutliveCrash", "cap viewOutlivesCrash",
    "cap newestReturned", "cap tagsQueried", "cap versionStoredFirst", "cap newestKept",
    "base sessionRemembersReads",
    "multipaxos leaseHonoured", "multipaxos leaseOfMajority", "multipaxos leaseFromSending",
    "multipaxos readsWhenRecovered", "multipaxos grantOutlivesCrash",
    "multipaxos supersededSteps", "multipaxos grantKept",
    "raft voteStoredFirst", "raft ownVoteStoredFirst", "raft logStoredFirst",
    "raft oneServerAtATime", "raft oneChangeAtATime", "raft changeAfterOwnTerm",
    "raft bothMajorities", "raft newAfterJoint", "raft transferEndsLease",
    "raft staleTermRejected", "raft matchesKept", "raft entriesStoredFirst",
    "raft leaderCountsStoredOnly", "raft currentTermCounts", "raft suffixKept",
    "raft olderSnapshotIgnored", "raft chunksInOrder", "raft readsConfirmed",
    "raft readsOfOwnTerm", "raft leaderBelieved", "raft leaseOfMajority",
    "raft leaseFromSending", "raft beliefOutlivesCrash", "raft answersMatched",
    "paxoscommit acceptanceStoredFirst", "paxoscommit promiseStoredFirst",
    "paxoscommit acceptanceOutlivesCrash", "paxoscommit promiseOutlivesCrash",
    "paxoscommit laterBallotsOnly", "paxoscommit promiseKept", "paxoscommit acceptancePromises",
    "paxoscommit ballotsDiffer", "paxoscommit thisBallotPromised", "paxoscommit highestAdopted",
    "paxoscommit thisBallotCounted", "multipaxos thisBallotPromised",
    "multipaxos thisBallotCounted",
    "zab memoryMeetsLog", "zab epochAcceptedOnce", "zab acceptedEpochStoredFirst",
    "zab bestHistoryLeads", "zab quorumAcceptsEpoch", "zab truncated",
    "zab truncatedSnapshotReplaced", "zab logBeforeEpoch", "zab snapshotWithEpoch",
    "zab newLeaderStoredFirst", "zab quorumAcknowledgesLeader", "zab upToDateFirst",
    "zab proposalStoredFirst", "zab leaderCountsStoredOnly", "zab quorumCommits",
    "zab votersCount", "zab beginningAcknowledged", "zab syncAsksLeader", "zab oldQuorumCommits",
    "zab acksWithdrawn", "zab lastSeenCounts", "zab everySeenCounts", "zab oneReconfiguration",
    "zab lastSeenStoredFirst",
    "zab inForceTold", "zab removedGivesUp",
    "ensemble outstandingCounted", "ensemble closingGivesUp", "ensemble validationsNamed",
    "raft appliedOnce",
    "synchronization newLeaderStoredFirst", "synchronization truncated",
    "synchronization logBeforeEpoch",
  ]

  /// What is found there speaks of a server that is not there, which no run file names in an act:
  /// the recorded run was written by hand.
  static let strange = ["without-newQuorumSynchronized.run"]

  static let shallow = violating.filter {
    $0.stem.hasPrefix("without-") && !deep.contains("\($0.chapter) \($0.stem.dropFirst(8))")
  }
}

struct BreakingTests {
  /// Those whose search is a matter of seconds; `quorate break --check` searches for all of them.
  @Test(arguments: Planted.quick)
  func `The search finds what is planted`(planted: Planted) throws {
    try find(planted, in: laboratory(of: planted.chapter))
  }

  /// `make record` writes it down as a run.
  private func find<S: Laboratory>(_ planted: Planted, in laboratory: S.Type) throws {
    let experiment = try planted.experiment(laboratory)
    let listed = try #require(planted.listed)
    var search = try S.search(experiment)
    search.keep = 1
    // What is found by exploring is the same each time, and as it was recorded.
    search.minimizes = listed.runs == 0
    let result = search.run()  // outside the macro
    let found = try #require(result)
    #expect(SearchRecord(found, of: experiment, in: laboratory) == listed)
    #expect(found.fails(found.acts))
    // Without what was planted the same acts do no harm.
    #expect(found.isToBlame)
    let text = S.text(of: found)
    if search.minimizes {
      #expect(try Recorded.folder(of: laboratory).text(of: planted.file) == text)
    } else if !Planted.strange.contains(planted.file) {
      let file = try RunFile(text, path: planted.file)
      #expect(try Playback<S.Subject>(file, flaws: S.flaws).failures == [])
    }
  }

  @Test func `All that is planted is listed with what it violates, and recorded`() throws {
    #expect(
      Planted.searches.map { "\($0.chapter) \($0.planted)" }
        == Planted.violating.map { "\($0.chapter) \($0.stem)" })
    for planted in Planted.violating { try look(at: planted, in: laboratory(of: planted.chapter)) }
  }

  private func look<S: Laboratory>(at planted: Planted, in laboratory: S.Type) throws {
    let listed = try #require(planted.listed)
    let judged = try S.search(planted.experiment(laboratory)).judged
    #expect(judged.map { "\($0)" }.contains(listed.violated), "\(planted)")
    let names = Recorded.folder(of: laboratory).names
    #expect(names.contains(planted.file), "make record CHAPTERS=\(S.name)")
  }

  /// Blind, and yet it comes across most of them.
  @Test(arguments: Planted.shallow)
  func `Random faults find what goes wrong without a rule`(planted: Planted) throws {
    try meet(planted, in: laboratory(of: planted.chapter))
  }

  private func meet<S: Laboratory>(_ planted: Planted, in laboratory: S.Type) throws {
    var search = try S.search(planted.experiment(laboratory))
    search.explorers = []
    search.keep = 1
    search.minimizes = false
    search.budget = 4_000
    let result = search.run()
    let found = try #require(result)
    #expect(found.fails(found.acts))
  }

  @Test func `Nothing is called deep that there is not`() {
    let rules = Planted.all.map { "\($0.chapter) \($0.stem.dropFirst(8))" }
    #expect(Planted.deep.isSubset(of: rules))
  }

  /// A chapter shows what each of its rules is for, once, and judges each property once.
  @Test(arguments: Catalogue.names(of: Catalogue.explorable))
  func `Every rule has its experiment and every property its check`(chapter: String) throws {
    try #require(Catalogue.named(chapter, among: Catalogue.explorable)).expectWhole()
  }

  @Test(arguments: Planted.all.filter(\.isCostly))
  func `What violates nothing costs`(planted: Planted) throws {
    #expect(try isCostly(planted, in: laboratory(of: planted.chapter)))
  }

  private func isCostly<S: Laboratory>(_ planted: Planted, in laboratory: S.Type) throws -> Bool {
    try planted.experiment(laboratory).isCostly()
  }
}

extension Laboratory {
  fileprivate static func expectWhole() {
    let rules = experiments.compactMap { experiment -> Subject.Rule? in
      if case .without(let rule) = experiment.change { rule } else { nil }
    }
    #expect(rules == Array(Subject.Rule.allCases))
    #expect(Set(flaws).count == flaws.count)
    #expect(checks.map(\.property) == Array(Subject.Property.allCases))
  }
}
