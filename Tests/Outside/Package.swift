// swift-tools-version: 6.2

import Foundation
import PackageDescription

// A package of somebody else's that uses the client: `.ci/outside` builds and runs it. It takes
// Quorate as a repository, as others do, since flags are forbidden there that a folder may have.
let quorate = ProcessInfo.processInfo.environment["QUORATE_REPOSITORY"] ?? "../.."
let revision = ProcessInfo.processInfo.environment["QUORATE_REVISION"] ?? ""

let package = Package(
  name: "outside",
  dependencies: [
    revision.isEmpty
      ? .package(name: "quorate", path: quorate)
      : .package(url: quorate, revision: revision)
  ],
  targets: [
    .executableTarget(
      name: "Outside",
      dependencies: [
        .product(name: "Recipes", package: "quorate"),
        .product(name: "ZooKeeperClient", package: "quorate"),
      ])
  ]
)
