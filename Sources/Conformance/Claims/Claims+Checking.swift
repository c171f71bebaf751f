public import Lab

extension Claims {
  /// Looks whether a chapter makes the claim that is cited here.
  ///
  /// - Throws: ``FixtureError`` with the nearest claim that there is.
  public static func check(_ id: String, at place: Place) throws(FixtureError) {
    guard claim(id) == nil else { return }
    throw FixtureError(place, .unknownClaim(id, nearest: nearest(to: id, among: all.map(\.id))))
  }

  /// Looks whether chapters make all claims that a run cites.
  ///
  /// - Throws: ``FixtureError`` with line, column and the nearest claim that there is.
  public static func check(citedBy run: RunFile) throws(FixtureError) {
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
