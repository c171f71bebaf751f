// swift-tools-version: 6.2

import PackageDescription

let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// What searches, judges and plays is optimized in a debug build too.
///
/// So the tests take a third of the time. Flags that SwiftPM calls unsafe are forbidden to what
/// other packages use: the modules of which the client is made have none.
let quick =
  strict + [
    .unsafeFlags(["-O", "-assert-config", "Debug"], .when(configuration: .debug))
  ]

/// A module of `Sources`, at `path` when its folder is not named after it.
func room(
  _ name: String, path: String? = nil, _ dependencies: [Target.Dependency] = [],
  settings: [SwiftSetting] = quick
) -> Target {
  .target(
    name: name, dependencies: dependencies, path: "Sources/\(path ?? name)",
    swiftSettings: settings)
}

func tests(
  _ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []
) -> Target {
  .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

let hashTrees = Target.Dependency.product(
  name: "HashTreeCollections", package: "swift-collections")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")

/// A chapter that is played in the laboratory.
struct Chapter {
  /// Its module, in `Sources/Chapters`; its laboratory and its tests are named after it.
  let name: String
  /// The problems that it solves.
  let problems: [String]
  /// The chapters that it joins.
  var joined: [String] = []
  /// Further modules that its laboratory and its tests import.
  var beside: [String] = []
  /// Further modules that its tests import.
  var testing: [String] = []
}

/// The chapters, a line each.
let chapters = [
  Chapter(name: "CAP", problems: ["SharedStorage"], testing: ["Histories"]),
  Chapter(name: "BASE", problems: []),
  Chapter(
    name: "TwoPhaseCommit", problems: ["AtomicCommitment"], beside: ["AtomicCommitmentLab"]),
  Chapter(
    name: "ThreePhaseCommit", problems: ["AtomicCommitment"],
    beside: ["AtomicCommitmentLab", "TwoPhaseCommit", "TwoPhaseCommitLab"]),
  Chapter(name: "QuorumCommit", problems: ["AtomicCommitment"]),
  Chapter(
    name: "Paxos", problems: ["AtomicCommitment", "Consensus", "ReplicatedLog"],
    beside: ["TwoPhaseCommit"], testing: ["Histories"]),
  Chapter(
    name: "Raft", problems: ["ReplicatedLog"], testing: ["Histories"]),
  Chapter(name: "ZAB", problems: ["ReplicatedLog"]),
  Chapter(name: "ZooKeeperEnsemble", problems: [], joined: ["ZAB", "ZooKeeper"]),
]

extension Chapter {
  var module: Target.Dependency { Target.Dependency(stringLiteral: name) }
  var laboratory: Target.Dependency { Target.Dependency(stringLiteral: name + "Lab") }

  /// The chapter, its laboratory and its tests.
  var targets: [Target] {
    let solved = (problems + joined).map { Target.Dependency(stringLiteral: $0) }
    let others = beside.map { Target.Dependency(stringLiteral: $0) }
    let common = ["ProtocolCore", "Lab", module] + solved + others
    return [
      room(name, path: "Chapters/\(name)", ["ProtocolCore"] + solved),
      room(name + "Lab", path: "Laboratories/\(name)", common),
      tests(
        name + "Tests",
        common + [laboratory] + testing.map { Target.Dependency(stringLiteral: $0) }),
    ]
  }
}

let package = Package(
  name: "quorate",
  products: [
    .library(name: "ZooKeeperClient", targets: ["ZooKeeperClient"]),
    .library(name: "Recipes", targets: ["Recipes"]),
  ],
  traits: [
    .trait(
      name: "PostgreSQL",
      description: "Judge PostgreSQL's prepared transactions too; needs libpq-dev."),
    .trait(
      name: "TLS",
      description: "Serve ZooKeeper over TLS too, secureClientPort; compiles swift-nio-ssl."),
    .default(enabledTraits: []),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // The contract between machines and their drivers.
    room("ProtocolCore", path: "Core/ProtocolCore"),

    // Problems: what several protocols solve, and what judges a solution from outside.
    room("AtomicCommitment", path: "Problems/AtomicCommitment", ["ProtocolCore"]),
    tests("AtomicCommitmentTests", ["AtomicCommitment", "ProtocolCore"]),

    room("Consensus", path: "Problems/Consensus", ["ProtocolCore"]),
    room("ReplicatedLog", path: "Problems/ReplicatedLog", ["ProtocolCore"]),
    room("SharedStorage", path: "Problems/SharedStorage", ["ProtocolCore", "Histories"]),

    room("ZooKeeper", path: "Chapters/ZooKeeper", [hashTrees], settings: strict),
    tests("ZooKeeperTests", ["ZooKeeper"]),

    // The laboratory: simulates, breaks and explores chapters.
    room(
      "Lab", ["ProtocolCore", .product(name: "HeapModule", package: "swift-collections")]),
    tests("LabTests", ["Lab", "ProtocolCore", "AtomicCommitment", "TwoPhaseCommit"]),
    room(
      "AtomicCommitmentLab", path: "Laboratories/AtomicCommitment",
      ["ProtocolCore", "AtomicCommitment", "Lab"]),
    // Protocols whose states others have counted, to measure the explorer by.
    room("ReferenceModels", ["ProtocolCore", "Lab"]),
    room(
      "Catalogue",
      ["Lab", "ReferenceModels"] + chapters.map(\.laboratory),
      settings: strict),
    tests(
      "ExplorerTests",
      [
        "Histories", "Lab", "ProtocolCore", "TwoPhaseCommit", "ThreePhaseCommit", "QuorumCommit",
        "Paxos", "Consensus", "ReplicatedLog",
        "ReferenceModels",
      ]),
    tests(
      "ChapterTests",
      [
        "ProtocolCore", "AtomicCommitment", "Consensus", "ReplicatedLog", "Lab", "Catalogue",
        "Maintenance",
      ]
        + chapters.flatMap { [$0.module, $0.laboratory] }),

    // Recorded operations of whatever system, judged.
    room("Histories"),
    tests("HistoriesTests", ["Histories"]),

    // Wires: a chapter's words as bytes.
    room(
      "ZooKeeperWire", path: "Wire/ZooKeeperWire",
      ["ZooKeeper", nioCore], settings: strict),
    tests("ZooKeeperWireTests", ["ZooKeeperWire", "ZooKeeper", nioCore]),
    // Transactions and snapshots in files, as Apache's server has them.
    room("ZooKeeperPersistence", ["ZooKeeper", "ZooKeeperWire", nioCore]),
    tests(
      "ZooKeeperPersistenceTests",
      ["ZooKeeperPersistence", "ZooKeeper", "ZooKeeperClient", "ZooKeeperWire", nioCore]),
    room(
      "ZooKeeperServer",
      [
        "ZooKeeper", "ZooKeeperPersistence", "ZooKeeperWire", nioCore,
        nioPosix,
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl", condition: .when(traits: ["TLS"])),
        .product(name: "NIOTLS", package: "swift-nio", condition: .when(traits: ["TLS"])),
        .product(name: "Logging", package: "swift-log"),
      ]),
    // What servers do otherwise than the reference, each a change from outside.
    room(
      "ZooKeeperQuirks",
      ["ProtocolCore", "ZooKeeper", "ZooKeeperWire", "ZooKeeperServer", nioCore]),
    tests(
      "ZooKeeperServerTests",
      [
        "ZooKeeperQuirks", "ZooKeeperServer", "ZooKeeperPersistence", "ZooKeeperClient",
        "ZooKeeper",
        "ZooKeeperWire", nioCore, nioPosix,
      ]),
    // Those with the trait are a build of their own, `make tls`.
    tests("TLSTests", ["ZooKeeperServer"]),
    // The reference, one server or an ensemble, as a network in memory drives it.
    room(
      "EmbeddedServers",
      [
        "Lab", "ProtocolCore", "ZAB", "ZooKeeper", "ZooKeeperClient", "ZooKeeperEnsemble",
        "ZooKeeperServer", "ZooKeeperWire", nioCore,
      ]),
    // What clients build of ZooKeeper's means, and its laboratory.
    room("Recipes", ["ZooKeeper", "ZooKeeperClient"], settings: strict),
    room(
      "RecipesLab", path: "Laboratories/Recipes",
      [
        "EmbeddedServers", "ProtocolCore", "Recipes", "ZooKeeper", "ZooKeeperClient",
        "ZooKeeperEnsemble", "ZooKeeperServer", "ZooKeeperWire", nioCore, nioPosix,
        .product(name: "DequeModule", package: "swift-collections"),
      ]),
    tests(
      "RecipesTests",
      [
        "EmbeddedServers", "Recipes", "RecipesLab", "ZooKeeper", "ZooKeeperClient",
        "ZooKeeperEnsemble", "ZooKeeperServer",
      ]),
    // Conformance in general: it knows no protocol. Then a kind of target each.
    room("Conformance", ["ProtocolCore", "Yams"]),
    room("ZooKeeperConformance", ["Conformance", "ProtocolCore", "Lab", "ZooKeeper"]),
    .systemLibrary(
      name: "CLibPQ", path: "Sources/CLibPQ", pkgConfig: "libpq",
      providers: [.apt(["libpq-dev"]), .brew(["libpq"])]),
    // Without the trait it has the words and no connections.
    room(
      "PostgreSQLClient",
      [.target(name: "CLibPQ", condition: .when(traits: ["PostgreSQL"]))], settings: strict),
    room("PostgreSQLConformance", ["Conformance", "PostgreSQLClient", "ProtocolCore"]),
    // Chapter 3's coordinator, with its journal on disk and databases for participants.
    room(
      "CommitCoordinator",
      [
        "AtomicCommitment", "Conformance", "Lab", "PostgreSQLClient", "PostgreSQLConformance",
        "ProtocolCore", "TwoPhaseCommit",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(
      name: "coordinator",
      dependencies: [
        "CommitCoordinator",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: strict),
    .systemLibrary(
      name: "CLibXML2", path: "Sources/CLibXML2", pkgConfig: "libxml-2.0",
      providers: [.apt(["libxml2-dev"]), .brew(["libxml2"])]),
    room(
      "Reports", ["ProtocolCore", "Lab", "Histories", "Conformance", "CLibXML2"], settings: strict),
    tests(
      "ReportsTests",
      [
        "Reports", "CLibXML2", "Lab", "Histories", "ProtocolCore", "TwoPhaseCommit", "Conformance",
      ],
      exclude: ["read-junit.py"]),
    room(
      "Targets",
      [
        "ZooKeeper", "ZooKeeperWire", "ZooKeeperClient", "ZooKeeperServer", "ZooKeeperQuirks",
        "Conformance", "ZooKeeperConformance", "PostgreSQLConformance", "ProtocolCore", "Lab",
        "Catalogue", "EmbeddedServers", "Recipes", "RecipesLab", "ZooKeeperEnsemble", nioCore,
      ]),
    tests(
      "RunnerTests",
      [
        "EmbeddedServers", "Targets", "Conformance", "ZooKeeperConformance", "Reports", "ZooKeeper",
        "ZooKeeperClient",
        "ZooKeeperServer",
        nioCore,
      ]),
    tests(
      "CaseTests",
      [
        "EmbeddedServers", "Maintenance", "PostgreSQLConformance",
        "Targets", "Conformance", "ZooKeeperConformance", "Reports", "ZooKeeper", "Catalogue",
        "ProtocolCore", "Lab",
        "TwoPhaseCommit", "TwoPhaseCommitLab", "ZooKeeperClient", "ZooKeeperServer",
        "ZooKeeperQuirks",
      ]),
    .executableTarget(
      name: "quorate",
      dependencies: [
        "Conformance", "CommitCoordinator", "ZooKeeperConformance", "PostgreSQLConformance",
        "Targets", "Reports", "Histories", "ZooKeeper", "ProtocolCore",
        "EmbeddedServers", "Recipes", "RecipesLab", "Lab", "Catalogue", "TwoPhaseCommit", "Paxos",
        "ReferenceModels", "ZooKeeperServer",
        "ZooKeeperPersistence", "ZooKeeperQuirks", "ZooKeeperClient",
        "ZooKeeperWire",
        nioCore, nioPosix,
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Histogram", package: "hdrhistogram-swift"),
        .product(name: "Logging", package: "swift-log"),
      ], swiftSettings: strict),
    tests(
      "ConformanceTests",
      [
        "Conformance", "PostgreSQLConformance", "ZooKeeperConformance", "ProtocolCore", "ZooKeeper",
      ],
      exclude: ["check-schema.py", "check-histories.py"]),
    room(
      "ZooKeeperClient",
      [
        "ZooKeeper", "ZooKeeperWire", nioCore,
        nioPosix,
      ], settings: strict),
    tests(
      "ZooKeeperClientTests",
      ["ZooKeeperClient", "ZooKeeperServer", "ZooKeeper", "ZooKeeperWire", nioCore]),
    tests(
      "PostgreSQLTests",
      [
        "AtomicCommitment", "Conformance", "PostgreSQLClient", "PostgreSQLConformance",
        "ProtocolCore", "TwoPhaseCommitLab",
      ]),
    tests("StyleTests"),
    tests("CommandTests", ["ZooKeeperClient"]),
    // What the project's maintainers run, apart from what users run.
    room(
      "Maintenance",
      [
        "AtomicCommitmentLab", "Catalogue", "Conformance", "EmbeddedServers", "Histories", "Lab",
        "ProtocolCore", "Recipes", "RecipesLab", "Reports",
        "Targets", "ZooKeeper", "ZooKeeperConformance", "ZooKeeperServer", "ZooKeeperWire",
      ]),
    .executableTarget(
      name: "maintain",
      dependencies: [
        "Catalogue", "Conformance", "Lab", "Maintenance", "ProtocolCore", "ZooKeeperConformance",
        "ZooKeeperQuirks", "ZooKeeperServer",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: strict),
    tests("NotesTests", ["Conformance", "Maintenance"]),
  ] + chapters.flatMap(\.targets),
  swiftLanguageModes: [.v6]
)

// With QUORATE_PART=PostgreSQLTests,coordinator the package is these targets and what they need:
// so a second build of some tests, with traits, takes a minute (`make traits`).
if let part = Context.environment["QUORATE_PART"] {
  var wanted = part.split(separator: ",").map(String.init)
  var known = Set(wanted)
  while let name = wanted.popLast() {
    let needed = package.targets.first { $0.name == name }?.dependencies ?? []
    for dependency in needed {
      switch dependency {
      case .byNameItem(let name, _), .targetItem(let name, _):
        if known.insert(name).inserted { wanted.append(name) }
      default: break
      }
    }
  }
  package.targets.removeAll { !known.contains($0.name) }
  package.products = []
}

// `make fuzz`: what reads bytes of others, instrumented; nothing else can link libFuzzer.
if Context.environment["QUORATE_FUZZ"] != nil {
  package.targets += [
    .target(name: "CLibFuzzer", path: "Tests/Fuzz/CLibFuzzer"),
    .executableTarget(
      name: "fuzz",
      dependencies: [
        "CLibFuzzer", "ZooKeeper", "ZooKeeperPersistence", "ZooKeeperServer", "ZooKeeperWire",
        nioCore,
      ], path: "Tests/Fuzz/fuzz", swiftSettings: strict),
  ]
}
