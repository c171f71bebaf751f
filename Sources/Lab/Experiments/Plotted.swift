/// Something that is measured, to be drawn: curves over one axis.
public struct Plotted: Hashable, Sendable {
  /// What it shows.
  public let title: String
  /// What the horizontal axis tells.
  public let horizontal: String
  /// What the vertical axis tells.
  public let vertical: String
  /// The curves.
  public let curves: [Curve]

  /// A picture.
  public init(title: String, horizontal: String, vertical: String, curves: [Curve]) {
    self.title = title
    self.horizontal = horizontal
    self.vertical = vertical
    self.curves = curves
  }

  /// A curve through points, from left to right.
  public struct Curve: Hashable, Sendable {
    /// What it shows.
    public let name: String
    /// Its points.
    public let points: [Point]

    /// A curve.
    public init(_ name: String, _ points: [Point]) {
      self.name = name
      self.points = points
    }
  }

  /// A point.
  public struct Point: Hashable, Sendable {
    /// How far to the right.
    public let x: Double
    /// How far up.
    public let y: Double

    /// A point.
    public init(_ x: Double, _ y: Double) {
      self.x = x
      self.y = y
    }
  }
}
