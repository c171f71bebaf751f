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
        $0.dialect = dialect.configured(as: $0.dialect)
        $0.reading.refusedNulls = refusedNulls(number)
        $0.opcodes = opcodes(dialect)
        guard isOldest else { return }
        // It never gives up on a connection that asks for nothing.
        $0.handshakeTimeout = 1 << 40
      }
      guard isOldest else { return }
      quirk.admission = { admission, _ in
        if admission.verdict == .new, admission.request.password == nil {
          admission.verdict = .abandoned
        }
      }
      // Whom SASL does not know it shows the door, and says nothing.
      quirk.reply = { answered, asked, _ in
        if case .sasl = asked.request, answered.code != nil { answered.reply = nil }
      }
      quirk.request = { asked, _ in
        if let later = asked.operations?.lazy.compactMap(\.laterCreate).first {
          asked.content = .malformed(WireError(.notInMulti(later), at: 0))
        }
      }
    }
  }
}

/// What an edition stumbles over while it decodes.
private func refusedNulls(_ edition: String) -> Reading.Nulls {
  let all: Reading.Nulls = [.saslID, .besideOthers]
  return switch edition {
  case "3.4.14": all.union([.acl, .aclInMulti, .scheme])
  case "3.5.9": all.union([.acl, .aclInMulti])
  case "3.6.2", "3.6.3", "3.7.1", "3.8.0": all.union(.checkedPath)
  case "3.7.2": all.union([.aclInMulti, .checkedPath])
  default: Reading.server.refusedNulls
  }
}

/// What an edition knows; each newer one knows more.
private func opcodes(_ dialect: Dialect) -> Set<Opcode> {
  var opcodes = Set(Opcode.known)
  func lacks(before minor: Int, _ unknown: Opcode...) {
    if dialect.minor < minor { opcodes.subtract(unknown) }
  }
  lacks(before: 5, .create2, .reconfig, .checkWatches, .removeWatches, .createContainer, .createTTL)
  lacks(before: 6, .multiRead, .getEphemerals, .getAllChildrenNumber, .setWatches2, .addWatch)
  lacks(before: 7, .whoAmI)
  return opcodes
}

extension Operation {
  /// The operation of a create that came after 3.4.
  fileprivate var laterCreate: Opcode? {
    guard case .create(let create) = self else { return nil }
    return switch create.form {
    case .create: nil
    case .create2: .create2
    case .container: .createContainer
    case .ttl: .createTTL
    }
  }
}
