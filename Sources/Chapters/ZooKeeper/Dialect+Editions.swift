/// The editions of Apache's server that were asked, as differences from the next newer one.
extension Dialect {
  /// The dialect of an edition by its number, `3.4.14` to `3.9.5`, or that of the newest of a line,
  /// `3.8`; nil for one that was not asked.
  public init?(edition: String) {
    let number = Dialect.number(of: edition)
    guard let dialect = Dialect.editions.first(where: { $0.edition == number })?.dialect else {
      return nil
    }
    self = dialect
  }

  /// The number of an edition by a number or by a line, `3.8`; nil for one that was not asked.
  public static func number(of edition: String) -> String? {
    let isLine = edition.split(separator: ".").count == 2 && edition.last != "."
    return editions.first {
      $0.edition == edition || isLine && $0.edition.hasPrefix(edition + ".")
    }?.edition
  }

  /// Each edition that was asked, the newest first.
  public static let editions: [(edition: String, dialect: Dialect)] = [
    ("3.9.5", reference), ("3.9.4", reference), ("3.9.3", apache393), ("3.8.0", debian380),
    ("3.7.2", apache372), ("3.7.1", apache371), ("3.6.3", apache363), ("3.6.2", apache363),
    ("3.5.9", apache359), ("3.4.14", apache3414),
  ]

  private static let apache393 = reference.but { $0.ipVersion6 = false }

  /// Debian's 3.8.0, which has the filter of watch events that Apache's has not.
  private static let debian380 = apache393.but {
    $0.minor = 8
    $0.existsNeedsRead = false
    $0.unknownModeSpoilsMulti = false
    $0.create2InMultiHasStat = false
    $0.refusesLoneCheck = false
    $0.notificationsCarryZxid = false
    $0.watchModesAreIndependent = false
    $0.refusesUnknownNames = false
    $0.checksOwnWatches = false
  }

  /// A later patch of an older line: it has some of what 3.8.0 lacks.
  private static let apache372 = apache371.but {
    $0.unknownModeSpoilsMulti = true
    $0.create2InMultiHasStat = true
  }

  private static let apache371 = debian380.but {
    $0.minor = 7
    $0.eventsNeedRead = false
  }

  private static let apache363 = apache371.but {
    $0.minor = 6
    $0.knowsHardQuotas = false
  }

  private static let apache359 = apache363.but {
    $0.minor = 5
    $0.deleteAsksParentFirst = false
    $0.checksOwnWatches = true
  }

  private static let apache3414 = apache359.but {
    $0.minor = 4
    $0.modeIsCheckedFirst = false
    $0.knowsLaterModes = false
    $0.forbidsRangeEnds = false
    $0.authKeepsItsPlace = false
    $0.ipPrefixes = false
    $0.hasConfigNode = false
  }

  private func but(_ change: (inout Dialect) -> Void) -> Dialect {
    var dialect = self
    change(&dialect)
    return dialect
  }
}
