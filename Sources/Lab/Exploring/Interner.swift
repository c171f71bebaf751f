/// Numbers for values, in the order in which they were first seen: what is learnt once about a
/// number need never be asked of the value again.
struct Interner<Value: Hashable> {
  /// The values, by number.
  private(set) var values: [Value] = []
  private var numbers: [Value: Int] = [:]

  var count: Int { values.count }

  subscript(number: Int) -> Value { values[number] }

  /// The value's number, and whether it is new.
  mutating func intern(_ value: Value) -> (number: Int, isNew: Bool) {
    if let number = numbers[value] { return (number, false) }
    let number = values.count
    values.append(value)
    numbers[value] = number
    return (number, true)
  }

  /// The value's number, if it was seen.
  func number(of value: Value) -> Int? { numbers[value] }
}
