// swift-tools-version: 6.2

import PackageDescription

let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// A module of `Sources`, at `path` when its folder is not named after it.
func room(
  _ name: String, path: String? = nil, _ dependencies: [Target.Dependency] = []
) -> Target {
  .target(
    name: name, dependencies: dependencies, path: "Sources/\(path ?? name)", swiftSettings: strict)
}

func tests(
  _ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []
) -> Target {
  .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

let hashTrees = Target.Dependency.product(
  name: "HashTreeCollections", package: "swift-collections")

let package = Package(
  name: "quorate",
  products: [
    .library(name: "ZooKeeperClient", targets: ["ZooKeeperClient"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // The contract between machines and their drivers.
    room("ProtocolCore", path: "Core/ProtocolCore"),

    // Problems: what several protocols solve, and what judges a solution from outside.
    room("AtomicCommitment", path: "Problems/AtomicCommitment", ["ProtocolCore"]),
    tests("AtomicCommitmentTests", ["AtomicCommitment", "ProtocolCore"]),

    // Chapters: each imports the contract and its problem.
    room(
      "TwoPhaseCommit", path: "Chapters/TwoPhaseCommit", ["AtomicCommitment", "ProtocolCore"]),
    tests(
      "TwoPhaseCommitTests",
      ["TwoPhaseCommit", "AtomicCommitment", "ProtocolCore", "Lab", "Studies"]),
    room(
      "ThreePhaseCommit", path: "Chapters/ThreePhaseCommit", ["AtomicCommitment", "ProtocolCore"]),
    tests(
      "ThreePhaseCommitTests",
      ["TwoPhaseCommit", "ThreePhaseCommit", "AtomicCommitment", "ProtocolCore", "Lab", "Studies"]),
    room("QuorumCommit", path: "Chapters/QuorumCommit", ["AtomicCommitment", "ProtocolCore"]),
    tests(
      "QuorumCommitTests", ["QuorumCommit", "AtomicCommitment", "ProtocolCore", "Lab", "Studies"]),
    room("ZooKeeper", path: "Chapters/ZooKeeper", [hashTrees]),
    tests("ZooKeeperTests", ["ZooKeeper"]),
    // The laboratory: plays, breaks and explores chapters.
    room(
      "Lab", ["ProtocolCore", .product(name: "HeapModule", package: "swift-collections")]),
    tests("LabTests", ["Lab", "ProtocolCore", "AtomicCommitment", "TwoPhaseCommit"]),
    // Protocols whose states others have counted, to measure the explorer by.
    room("ReferenceModels", ["ProtocolCore"]),
    tests(
      "ExplorerTests",
      [
        "Lab", "ProtocolCore", "TwoPhaseCommit", "ThreePhaseCommit", "QuorumCommit",
        "ReferenceModels",
      ]),

    room(
      "Studies",
      [
        "ProtocolCore", "AtomicCommitment", "Lab", "TwoPhaseCommit", "ThreePhaseCommit",
        "QuorumCommit", "ReferenceModels",
      ]),

    tests(
      "ChapterTests",
      [
        "TwoPhaseCommit", "ThreePhaseCommit", "QuorumCommit", "AtomicCommitment", "ProtocolCore",
        "Lab", "Studies",
      ]),

    // Wires: a chapter's words as bytes.
    room(
      "ZooKeeperWire", path: "Wire/ZooKeeperWire",
      ["ZooKeeper", .product(name: "NIOCore", package: "swift-nio")]),
    tests("ZooKeeperWireTests", ["ZooKeeperWire"]),
    room(
      "ZooKeeperServer",
      [
        "ZooKeeper", "ZooKeeperWire", .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "Logging", package: "swift-log"),
      ]),
    tests("ZooKeeperServerTests", ["ZooKeeperServer"]),
    room("Conformance", ["ProtocolCore", "Lab", "ZooKeeper", "Yams"]),
    .systemLibrary(
      name: "CLibXML2", path: "Sources/CLibXML2", pkgConfig: "libxml-2.0",
      providers: [.apt(["libxml2-dev"]), .brew(["libxml2"])]),
    room("Reports", ["ProtocolCore", "Lab", "Conformance", "CLibXML2"]),
    tests(
      "ReportsTests", ["Reports", "CLibXML2", "Lab", "ProtocolCore", "TwoPhaseCommit"],
      exclude: ["read-junit.py"]),
    room(
      "Targets",
      [
        "ZooKeeper", "ZooKeeperWire", "ZooKeeperClient", "ZooKeeperServer", "Conformance",
        "ProtocolCore", "Lab", "Studies", .product(name: "NIOCore", package: "swift-nio"),
      ]),
    tests(
      "RunnerTests",
      [
        "Targets", "Conformance", "Reports", "ZooKeeper", "ZooKeeperClient", "ZooKeeperServer",
        .product(name: "NIOCore", package: "swift-nio"),
      ]),
    tests(
      "CaseTests",
      [
        "Targets", "Conformance", "Reports", "ZooKeeper", "Studies", "ProtocolCore", "Lab",
        "TwoPhaseCommit",
      ]),
    .executableTarget(
      name: "quorate",
      dependencies: [
        "Conformance", "Targets", "Reports", "ZooKeeper", "ProtocolCore",
        "Lab", "Studies", "TwoPhaseCommit", "ReferenceModels", "ZooKeeperServer", "ZooKeeperWire",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ], swiftSettings: strict),
    tests(
      "ConformanceTests", ["Conformance", "ProtocolCore", "ZooKeeper"],
      exclude: ["check-schema.py"]),
    room(
      "ZooKeeperClient",
      [
        "ZooKeeper", "ZooKeeperWire", .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ]),
    tests("ZooKeeperClientTests", ["ZooKeeperClient", "ZooKeeperServer"]),
    tests("StyleTests"),
    tests(
      "NotesTests", ["Lab", "ProtocolCore", "Reports", "Studies", "Conformance", "Targets"]),
  ],
  swiftLanguageModes: [.v6]
)
