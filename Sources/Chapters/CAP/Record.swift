import ProtocolCore

extension Words {
  /// What the nodes write to their journals.
  public enum Record: Hashable, Sendable {
    /// It has begun so many attempts.
    case attempted(Int)
    /// It keeps this version of the key.
    case kept(String, Version)
    /// It leads from now on, in this view.
    case leads(View)
    /// It follows in this view, and keeps this and nothing else.
    case installed(View, Contents)
  }
}

extension Words.Record {
  /// Whether it says nothing any more when the other is written.
  func isSuperseded(by other: Words.Record) -> Bool {
    switch (self, other) {
    case (.attempted, .attempted), (.leads, .leads), (.leads, .installed),
      (.installed, .installed), (.kept, .installed):
      true
    case (.kept(let key, _), .kept(let later, _)): key == later
    // What is installed remains, for it holds what is kept as well.
    case (.attempted, _), (.kept, _), (.leads, _), (.installed, _): false
    }
  }
}

extension Words.Record: CustomStringConvertible {
  /// As runs print it.
  public var description: String {
    switch self {
    case .attempted(let number): "attempted \(number)"
    case .kept(let key, let version): "kept \(key) \(version)"
    case .leads(let view): "leads view \(view)"
    case .installed(let view, let contents): "installed view \(view): \(contents)"
    }
  }
}

extension Array where Element == Words.Record {
  /// How many attempts its owner has begun.
  var attempted: Int {
    for case .attempted(let number) in reversed() { return number }
    return 0
  }

  /// What its owner keeps.
  var contents: Contents {
    var contents = Contents()
    for record in self {
      switch record {
      case .kept(let key, let version): contents[key] = version
      case .installed(_, let all): contents = all
      case .attempted, .leads: break
      }
    }
    return contents
  }

  /// The view that its owner is in; nil if it has never changed.
  var view: View? {
    for record in reversed() {
      switch record {
      case .leads(let view), .installed(let view, _): return view
      case .attempted, .kept: break
      }
    }
    return nil
  }
}
