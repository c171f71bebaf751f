/// Something that a server may have or lack, found out by asking it.
public enum Capability: String, CaseIterable, Hashable, Sendable, Codable {
  case multi
  case create2
  case check
}
