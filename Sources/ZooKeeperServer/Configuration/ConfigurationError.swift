/// What makes a `zoo.cfg` useless: the line, the key, and what is wrong with its value.
public struct ConfigurationError: Error, Hashable, Sendable {
  /// What is wrong, closed.
  public enum Reason: Hashable, Sendable {
    /// There has to be such a key.
    case missing
    /// There is no value.
    case empty
    /// The value is no number, or none from this range.
    case number(String, ClosedRange<Int>)
    /// The value is neither `true` nor `false`.
    case boolean(String)
    /// The shortest session timeout is longer than the longest.
    case timeouts(Int, Int)
    /// The value is none of these words.
    case choice(String, [String])
    /// Another key is needed with it.
    case without(String)
    /// It asks for TLS, which this was built without.
    case withoutTLS
    /// It names a store of keys of another kind than PEM.
    case store(String)
    /// The file of this name holds no such thing.
    case holds(String, no: String)
    /// Whoever has this on relies on something that is not done here.
    case unsupported
    /// It names an algorithm that makes other digests than those that are known.
    case digest(String)
    /// It says where clients of this server are served, if this is the server of this number, which
    /// the file does not say.
    case otherServer(file: String, number: String?)
    /// It says that clients are served at one place, `clientPort` that they are at another.
    case otherPlace(String, String)
    /// There are servers that would have to agree.
    case ensemble
    /// The file of this name cannot be read.
    case file(String)
    /// The file of this name makes no sense on a line, where something else is expected.
    case content(String, line: Int, expected: String)
  }

  /// Where the key stands; nil for what is missing.
  public let place: Configuration.Place?
  /// The key.
  public let key: String
  /// What is wrong.
  public let reason: Reason
  /// The keys that nobody knows, where one is missing: it may be one of them.
  public var strangers: [ConfigurationWarning] = []
}

extension ConfigurationError: CustomStringConvertible {
  /// The place, then the fault: `line 3: tickTime is 'often', and no number from 1 to …`.
  public var description: String {
    (place.map { "\($0): " } ?? "") + key + " " + words
  }

  private var words: String {
    switch reason {
    case .missing: "is missing"
    case .otherServer(let file, let number):
      "says where clients are served, and counts only if \(file) says that this is it; "
        + (number.map { "there it is '\($0)'" } ?? "there is no such file")
        + ". Write that, or clientPort"
    case .otherPlace(let one, let other):
      "says that clients are served at \(one), and clientPort that they are at \(other)"
    case .empty: "is empty"
    case .number(let value, let range) where range.upperBound == .max:
      "is '\(value)', and no number from \(range.lowerBound) on"
    case .number(let value, let range):
      "is '\(value)', and no number from \(range.lowerBound) to \(range.upperBound)"
    case .boolean(let value): "is '\(value)', and neither true nor false"
    case .timeouts(let shortest, let longest):
      "is \(shortest), more than the longest timeout, \(longest)"
    case .file(let name): "is '\(name)', which cannot be read"
    case .content(let name, let line, let expected):
      "is '\(name)', where on line \(line) there should be \(expected)"
    case .choice(let value, let words):
      "is '\(value)', and none of \(words.joined(separator: ", "))"
    case .without(let other): "needs \(other), which is missing"
    case .withoutTLS:
      "needs TLS, which this was built without: swift build --traits TLS --product quorate"
    case .store(let name): "is '\(name)': only PEM files are read here, no stores of Java's"
    case .holds(let name, let what): "is '\(name)', which holds no \(what)"
    case .unsupported: "is true: it is not done here"
    case .digest(let name):
      "is '\(name)': only SHA1 is done here; who owns nodes by other digests could not open them"
    case .ensemble: "is the second server: ensembles are not served"
    }
  }
}

/// What is strange in a `zoo.cfg` and yet no reason not to serve.
public struct ConfigurationWarning: Hashable, Sendable {
  /// What is strange, closed.
  public enum Reason: Hashable, Sendable {
    /// No edition of Apache's server knows this key.
    case unknown
    /// Apache's server knows this key; here it changes nothing.
    case withoutEffect
    /// The value is too small, and this one is taken.
    case raised(to: Int)
    /// The key has come before; this value counts.
    case again
    /// The path is that of a folder below the one in which the server was started.
    case relative
    /// No edition of Apache's server knows this four-letter word.
    case word(String)
  }

  /// Where the key stands.
  public let place: Configuration.Place
  /// The key.
  public let key: String
  /// What is strange.
  public let reason: Reason
}

extension ConfigurationWarning: CustomStringConvertible {
  /// The place, then what is strange.
  public var description: String {
    switch reason {
    case .unknown: "\(place): unknown key '\(key)'"
    case .withoutEffect: "\(place): \(key) has no effect here"
    case .raised(let value): "\(place): \(key) is too small; \(value) is taken"
    case .again: "\(place): \(key) has come before; this value counts"
    case .relative:
      "\(place): \(key) is relative: it is below the folder in which the server was started"
    case .word(let word): "\(place): \(key) names '\(word)', which is no four-letter word"
    }
  }
}

extension Configuration {
  /// Where a key stands.
  public enum Place: Hashable, Sendable, CustomStringConvertible, Comparable {
    /// In a variable of the environment.
    case variable(String)
    /// On this line of the file, from 1 on.
    case line(Int)

    /// `line 3`, or the variable's name.
    public var description: String {
      switch self {
      case .variable(let name): name
      case .line(let line): "line \(line)"
      }
    }
  }
}
