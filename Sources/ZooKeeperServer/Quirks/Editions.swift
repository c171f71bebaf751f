internal import ZooKeeper
internal import ZooKeeperWire

/// Older editions of Apache's server; the newest, 3.9, is the reference itself.
///
/// Each is what one server was seen to do: 3.4.14, 3.5.9, 3.6.3, 3.7.2, and Debian's 3.8.0, which has
/// the filter of watch events that Apache's own 3.8 has since 3.8.4. Where two editions agree the
/// older one is made of the newer.
extension Quirk {
  static let editions: [Quirk] = [edition34, edition35, edition36, edition37, edition38, edition39]

  private static let edition39 = edition("3.9", "The reference: Apache's newest.", nil) { _ in }

  // begin editions
  private static let edition38 = edition(
    "3.8", "As Apache's 3.8.0 in Debian 12 answers.", nil
  ) { quirk in
    quirk.settings = {
      $0.version = "3.8.0-quorate"
      $0.dialect.existsNeedsRead = false
      $0.dialect.ipVersion6 = false
      $0.dialect.refusesLoneCheck = false
      $0.dialect.notificationsCarryZxid = false
      $0.dialect.create2InMultiHasStat = false
      $0.dialect.unknownModeSpoilsMulti = false
    }
  }

  private static let edition37 = edition("3.7", "As Apache's 3.7.2 answers.", edition38) { quirk in
    quirk.settings = {
      $0.version = "3.7.2-quorate"
      $0.dialect.eventsNeedRead = false
      $0.dialect.create2InMultiHasStat = true
      $0.dialect.unknownModeSpoilsMulti = true
    }
  }

  private static let edition36 = edition("3.6", "As Apache's 3.6.3 answers.", edition37) { quirk in
    quirk.settings = {
      $0.version = "3.6.3-quorate"
      $0.dialect.create2InMultiHasStat = false
      $0.dialect.unknownModeSpoilsMulti = false
    }
  }

  private static let edition35 = edition("3.5", "As Apache's 3.5.9 answers.", edition36) { quirk in
    quirk.settings = {
      $0.version = "3.5.9-quorate"
      $0.dialect.deleteAsksParentFirst = false
    }
  }

  private static let edition34 = edition("3.4", "As Apache's 3.4.14 answers.", edition35) { quirk in
    quirk.settings = {
      $0.version = "3.4.14-quorate"
      $0.opcodes.remove(.create2)
      $0.dialect.ipPrefixes = false
      $0.dialect.modeIsCheckedFirst = false
      $0.dialect.knowsLaterModes = false
      $0.dialect.forbidsRangeEnds = false
      $0.dialect.hasConfigNode = false
    }
    quirk.admission = { admission, _ in
      if admission.request.password == nil { admission.verdict = .abandoned }
    }
    quirk.request = { asked, _ in
      let hasCreate2 = asked.operations?.contains { operation in
        if case .create(let create) = operation { create.withStat } else { false }
      }
      if hasCreate2 == true {
        asked.content = .malformed(WireError(.notInMulti(.create2), at: 0))
      }
    }
  }
  // end editions

  private static func edition(
    _ name: String, _ summary: String, _ newer: Quirk?, _ change: (inout Quirk) -> Void
  ) -> Quirk {
    Quirk(
      name, .edition, summary, source: "the ten editions of Apache ZooKeeper, as observed",
      parts: newer.map { [$0] } ?? [], change)
  }
}
