import ZooKeeper
import ZooKeeperServer
import ZooKeeperWire

/// Older editions of Apache's server; the newest, 3.9, is the reference itself.
///
/// What they answer otherwise is the chapter's `Dialect`; what stands here is what they do
/// otherwise with connections and frames.
extension Quirk {
  /// One of each line: the edition of it that was asked.
  static let editions: [Quirk] =
    [
      ("3.4", "3.4.14"), ("3.5", "3.5.9"), ("3.6", "3.6.3"), ("3.7", "3.7.2"), ("3.8", "3.8.0"),
      ("3.9", "3.9.5"),
    ].compactMap { edition($1, called: $0) }

  /// An edition by its number, `3.4.14` to `3.9.5`; nil for one that was not asked.
  static func edition(_ number: String, called name: String? = nil) -> Quirk? {
    guard let dialect = Dialect(edition: number) else { return nil }
    let maker = number == "3.8.0" ? "Debian's" : "Apache's"
    return Quirk(
      name ?? number, .edition, "As \(maker) \(number) answers.",
      source: "editions of Apache ZooKeeper, as observed"
    ) { quirk in
      let isOldest = number.hasPrefix("3.4.")
      quirk.settings = {
        $0.version = "\(number)-quorate"
        $0.dialect = dialect
        $0.reading.refusedNulls = refusedNulls(number)
        guard isOldest else { return }
        $0.opcodes.remove(.create2)
        // It never gives up on a connection that asks for nothing.
        $0.handshakeTimeout = 1 << 40
      }
      guard isOldest else { return }
      quirk.admission = { admission, _ in
        if admission.verdict == .new, admission.request.password == nil {
          admission.verdict = .abandoned
        }
      }
      quirk.request = { asked, _ in
        if asked.operations?.contains(where: \.isCreate2) == true {
          asked.content = .malformed(WireError(.notInMulti(.create2), at: 0))
        }
      }
    }
  }
}

/// What an edition stumbles over while it decodes.
private func refusedNulls(_ edition: String) -> Reading.Nulls {
  switch edition {
  case "3.4.14": [.acl, .aclInMulti, .scheme]
  case "3.5.9": [.acl, .aclInMulti]
  case "3.6.2", "3.6.3", "3.7.1", "3.8.0": []
  default: Reading.lenient.refusedNulls
  }
}

extension Operation {
  fileprivate var isCreate2: Bool {
    if case .create(let create) = self { create.withStat } else { false }
  }
}
