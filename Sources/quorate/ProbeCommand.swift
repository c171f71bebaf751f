import ArgumentParser
import PostgreSQLConformance
import Targets
import ZooKeeperConformance

/// Asks a target what it is and can.
struct ProbeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "probe",
    abstract: "Ask a target what it is and can.",
    discussion: """
      quorate probe zookeeper://127.0.0.1:2181
      quorate probe postgresql://127.0.0.1:5432/db

      Whatever is found was found by asking; the version string of a ZooKeeper server is not \
      looked at.
      """)

  @Argument(help: "The target: reference:, zookeeper://host:port, postgresql://host:port/db.")
  var target = "reference:"

  func run() async throws {
    if PostgreSQLTarget.isMeant(target) {
      let database = try await told { try await PostgreSQLTarget(target) }
      return database.lines.forEach(Terminal.say)
    }
    let service = try await told { try TargetURL.service(target) }
    let profile = try await told { try await Probe.profile(of: service) }
    let has = Capability.allCases.filter(profile.capabilities.contains).map(\.words)
    // To read only is nothing that a server lacks.
    let lacks = Capability.allCases.filter {
      !profile.capabilities.contains($0) && $0 != .readOnly
    }.map(\.words)
    Terminal.say("target   \(target), \(service.about)")
    Terminal.say("behaves  like edition \(profile.edition)")
    Terminal.say("has      \(has.joined(separator: ", "))")
    Terminal.say(
      profile.isReadOnly
        ? "lacks    its ensemble, and only reads: what writes was not asked for"
        : "lacks    \(lacks.isEmpty ? "nothing" : lacks.joined(separator: ", "))")
    Terminal.say(
      "sessions \(profile.shortest) to \(profile.longest) ms, so a tick is \(profile.tick) ms; "
        + (profile.capabilities.contains(.resume) ? "they resume" : "they do not resume"))
  }
}
