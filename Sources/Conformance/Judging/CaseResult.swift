/// What came of playing a case once: a verdict, and what a reader needs to see why.
///
/// Nothing in it is ours: steps are the fixture's lines, values are printed as a fixture writes
/// them.
public struct CaseResult: Hashable, Sendable, Codable {
  /// The verdict, before known deviations and strictness are looked at.
  public var verdict: Verdict
  /// What is wrong in one line, without any value of this run, so that runs can be compared.
  public var message: String?
  /// The steps that were taken.
  public var narrative: [Line] = []
  /// Where expectation and reply differ, all in the last step of the narrative.
  public var differences: [Difference] = []
  /// What else is to be said: alternatives taken, what was left behind.
  public var remarks: [String] = []
  /// The bytes of the step that went wrong.
  public var wire: [Frame] = []
  /// What was measured; a case may print numbers that it does not judge.
  public var measured: [String] = []

  /// The outcome of this verdict and message.
  public init(_ verdict: Verdict, _ message: String? = nil) {
    self.verdict = verdict
    self.message = message
  }

  /// A step as it was taken.
  public struct Line: Hashable, Sendable, Codable {
    /// The line of the fixture, or the number of the act.
    public var number: Int
    /// What was done.
    public var text: String
    /// What came of it: `ok`, an error's name.
    public var result: String
    /// What is worth knowing besides: the zxid.
    public var detail: String

    /// The line of these parts.
    public init(_ number: Int, _ text: String, _ result: String = "", _ detail: String = "") {
      self.number = number
      self.text = text
      self.result = result
      self.detail = detail
    }
  }

  /// Something expected and something got.
  public struct Difference: Hashable, Sendable, Codable {
    /// What was looked at: `stat.pzxid`.
    public var field: String
    /// What the fixture demands.
    public var expected: String
    /// What that is: `the zxid of line 12`.
    public var expectedIs: String
    /// What came.
    public var got: String
    /// What that is.
    public var gotIs: String

    /// The difference of these parts.
    public init(
      _ field: String, expected: String, expectedIs: String = "", got: String, gotIs: String = ""
    ) {
      self.field = field
      self.expected = expected
      self.expectedIs = expectedIs
      self.got = got
      self.gotIs = gotIs
    }
  }

  /// Bytes that went over the wire, without their length's limit: long ones are cut when printed.
  public struct Frame: Hashable, Sendable, Codable {
    /// The line of the step during which they went.
    public var line: Int
    /// Which client's connection.
    public var client: String
    /// Whether the client sent them.
    public var isSent: Bool
    /// In hexadecimal.
    public var bytes: String
    /// How many they are.
    public var count: Int

    /// How many bytes are kept when nobody wants to see all.
    public static let usualLimit = 4096

    /// A frame of these bytes, of which at most `limit` are kept.
    public init(
      line: Int = 0, client: String, isSent: Bool, bytes: [UInt8], limit: Int = usualLimit
    ) {
      self.line = line
      self.client = client
      self.isSent = isSent
      self.count = bytes.count
      self.bytes = hexadecimal(bytes.prefix(limit))
    }
  }
}
