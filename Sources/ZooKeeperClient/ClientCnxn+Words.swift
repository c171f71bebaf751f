package import ZooKeeper
internal import ZooKeeperWire

extension ClientCnxn.Asking {
  /// What is asked, for errors: the operation and the paths, as the caller knows them.
  var words: String? {
    switch self {
    case .request(let request): request.words
    case .raw(let opcode, _, _): "\(opcode)"
    case .connection: nil
    }
  }
}

extension Request {
  /// The operation, and the path that it is about; of several the first, and how many follow.
  package var words: String {
    let shown = paths.filter { !$0.isEmpty }
    guard let first = shown.first else { return "\(opcode)" }
    let more = shown.count > 1 ? " and \(shown.count - 1) more" : ""
    return "\(opcode) \(first)\(more)"
  }
}
