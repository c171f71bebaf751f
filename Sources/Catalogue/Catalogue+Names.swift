public import Lab

extension Catalogue {
  /// The laboratories of the chapters.
  public static let all: [any Laboratory.Type] = collected(visitChapters)

  /// The laboratories of what can be explored: the chapters and the reference models.
  public static let explorable: [any Laboratory.Type] = all + collected(visitReferenceModels)

  /// How the command names the chapters.
  public static var names: [String] { names(of: all) }

  /// How the command names these.
  public static func names(of laboratories: [any Laboratory.Type]) -> [String] {
    laboratories.map { $0.name }
  }

  /// The laboratory of this name.
  public static func named(
    _ name: String, among laboratories: [any Laboratory.Type] = all
  ) -> (any Laboratory.Type)? {
    laboratories.first { $0.name == name }
  }

  /// Shows a visitor the chapter of this name.
  ///
  /// - Returns: whether there is one.
  @inlinable public static func visit<V: LaboratoryVisitor>(_ name: String, _ visitor: inout V)
    throws -> Bool
  {
    var only = Only(name: name, visitor: visitor)
    try visitChapters(&only)
    visitor = only.visitor
    return only.isFound
  }

  private static func collected(
    _ visit: (inout Collector) throws -> Void
  ) -> [any Laboratory.Type] {
    var collector = Collector()
    try? visit(&collector)
    return collector.laboratories
  }
}

/// Shows a visitor the laboratory of one name.
@usableFromInline struct Only<V: LaboratoryVisitor>: LaboratoryVisitor {
  @usableFromInline let name: String
  @usableFromInline var visitor: V
  @usableFromInline var isFound = false

  @inlinable init(name: String, visitor: V) {
    self.name = name
    self.visitor = visitor
  }

  @inlinable mutating func visit<L: Laboratory>(_ laboratory: L.Type) throws {
    guard L.name == name else { return }
    isFound = true
    try visitor.visit(laboratory)
  }
}

/// Lists what it is shown.
private struct Collector: LaboratoryVisitor {
  var laboratories: [any Laboratory.Type] = []

  mutating func visit<L: Laboratory>(_ laboratory: L.Type) { laboratories.append(laboratory) }
}
