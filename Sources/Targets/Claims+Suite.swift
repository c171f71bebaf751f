import Catalogue
public import Conformance
public import Lab
import PostgreSQLConformance
import ProtocolCore
import RecipesLab
import ZooKeeperConformance

extension Claims {
  /// All that the chapters state, in their order.
  public static let suite = Claims(
    Catalogue.all.flatMap { $0.claims } + postgreSQL.all + zooKeeper.all + Claim.uses)

  /// Looks whether chapters make all claims that a run cites.
  ///
  /// - Throws: `FixtureError` with line, column and the nearest claim that there is.
  public func check(citedBy run: RunFile) throws(FixtureError) {
    guard let header = run.header.first(where: { $0.key == .claims }) else { return }
    let value = header.value
    var rest = value[...]
    while let start = rest.firstIndex(where: { $0 != " " }) {
      let word = rest[start...].prefix { $0 != " " }
      let offset = value.distance(from: value.startIndex, to: start)
      let place = Place(
        file: run.path, line: header.place.line, column: header.place.column + offset)
      try check(String(word), at: place)
      rest = rest[word.endIndex...]
    }
  }
}
