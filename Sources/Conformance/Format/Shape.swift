import Synchronization

/// What may stand at a place of a fixture.
///
/// One table of shapes reads fixtures and prints their JSON Schema, so that the two cannot differ.
package indirect enum Shape: Sendable {
  /// Any scalar, by its characters.
  case text
  /// A scalar of a certain form.
  case form(Form)
  /// One of these words.
  case word([String])
  /// An integer, decimal or hexadecimal.
  case number(ClosedRange<Int64>)
  case flag
  /// Bytes: a text, `null`, `{ hex: 00ff }`, or `{ size: 1024 }` of the letter x.
  case payload
  /// Bytes in hexadecimal.
  case hex
  /// A number or a zxid, or a condition on one: `{ above: $z }`.
  case bounded
  /// A text, or a long one: `{ begins: /a, size: 120001 }`, filled up with the letter x.
  case long
  /// What an earlier step kept, and nothing else: `$name`.
  case kept
  /// A list, whose order may mean nothing.
  case list(Shape, ordered: Bool = true)
  case record([Field], named: String)
  /// Free keys of a form, one shape of value.
  case map(Form, Shape, named: String)
  /// The first that is of the written value's kind.
  case either([Shape])
  /// What the reader of steps reads: a list of steps of a kind, by its name in the schema.
  case steps(String)
  /// A shape that stands in many places: the schema writes it once, under its name.
  case named(String, Shape)
  /// Any value at all: `each` puts it elsewhere.
  case anything

  /// A key of a record.
  package struct Field: Sendable {
    package var name: String
    package var shape: Shape
    package var isRequired: Bool
    package var about: String

    package init(_ name: String, _ shape: Shape, required: Bool = false, _ about: String) {
      self.name = name
      self.shape = shape
      self.isRequired = required
      self.about = about
    }
  }

  /// A form of text, as a regular expression and in words.
  package struct Form: Sendable {
    package let pattern: String
    package let words: String
    /// The one way to write what can be written in several; nil for what has the form and means
    /// nothing.
    package let normal: @Sendable (String) -> String?
    private let expression: Expression

    package init(
      _ words: String, _ pattern: String, normal: @escaping @Sendable (String) -> String? = { $0 }
    ) {
      self.words = words
      self.pattern = pattern
      self.normal = normal
      expression = Expression(pattern)
    }

    /// Whether all of `text` has this form.
    package func accepts(_ text: String) -> Bool {
      expression.matches(text)
    }
  }

  /// A regular expression that is made once: that takes far longer than to use it.
  private final class Expression: Sendable {
    private let regex: Mutex<Regex<AnyRegexOutput>?>

    init(_ pattern: String) { regex = Mutex(try? Regex(pattern)) }

    func matches(_ text: String) -> Bool {
      regex.withLock { regex in regex.map { text.wholeMatch(of: $0) != nil } ?? false }
    }
  }
}
