import Histories

/// Linearizability as Herlihy and Wing define it, by trying every order of every subset of the
/// operations of unknown outcome, with objects of our own.
enum NaiveOrders {
  static func isLinearizable(_ history: History) -> Bool {
    let all = history.operations
    let unknown = all.indices.filter { !all[$0].isKnown }
    let known = all.indices.filter { all[$0].isKnown }
    return (0..<(1 << unknown.count)).contains { subset in
      let taken = unknown.enumerated().filter { subset >> $0.offset & 1 == 1 }.map(\.element)
      return someOrder(of: known + taken, [], all) { order in
        isLegal(order.map { all[$0] }, history.model)
      }
    }
  }

  /// Whether an order that respects real time satisfies a condition.
  private static func someOrder(
    of rest: [Int], _ order: [Int], _ all: [Operation], _ condition: ([Int]) -> Bool
  ) -> Bool {
    if rest.isEmpty { return condition(order) }
    return rest.contains { next in
      let mustWait = rest.contains { other in
        guard other != next, let end = all[other].end else { return false }
        return end < all[next].call
      }
      return !mustWait && someOrder(of: rest.filter { $0 != next }, order + [next], all, condition)
    }
  }

  /// Whether an object does all of this, one after the other.
  static func isLegal(_ operations: [Operation], _ model: ModelName?) -> Bool {
    var number: Int?
    var members: [Value] = []
    var text = ""
    for operation in operations {
      let output: Value? = operation.isKnown ? operation.output : nil
      func answers(_ value: Value) -> Bool { output == nil || output == value }
      let given = operation.input
      switch operation.function {
      case "read" where model == .counter: if !answers(.int(number ?? 0)) { return false }
      case "read" where model == .set:
        guard let seen = output?.list else { continue }
        if seen.count != members.count || !members.allSatisfy(seen.contains) { return false }
      case "read": if !answers(number.map(Value.int) ?? .null) { return false }
      case "write": number = given.int
      case "cas":
        guard let pair = given.list else { return false }
        let isEqual = number != nil && pair[0].int == number
        if !answers(.flag(isEqual)) { return false }
        if isEqual { number = pair[1].int }
      case "add" where model == .counter:
        number = (number ?? 0) + (given.int ?? 0)
        if output != .null, !answers(.int(number ?? 0)) { return false }
      case "add": members = members.filter { $0 != given } + [given]
      case "remove": members = members.filter { $0 != given }
      case "contains": if !answers(.flag(members.contains(given))) { return false }
      case "enqueue": members.append(given)
      case "dequeue":
        let first = members.isEmpty ? Value.null : members.removeFirst()
        if !answers(first) { return false }
      case "put", "append":
        if operation.function == "put" { text = "" }
        text += "\(given)"
      case "get":
        if let output, (output == .null ? "\"\"" : "\(output)") != (text.isEmpty ? "\"\"" : text) {
          return false
        }
      case "acquire":
        if !answers(.flag(number == nil)) { return false }
        number = number ?? operation.process
      case "release":
        if !answers(.flag(number == operation.process)) { return false }
        if number == operation.process { number = nil }
      default: return false
      }
    }
    return true
  }
}
