import Reports

/// What the marks of the drawings mean: a picture of each.
enum Legend {
  /// Where the picture is kept.
  static let picture = "pictures/legend.svg"
  /// How a page shows it.
  static let markdown = "![What the marks mean](\(picture))"

  /// The picture.
  static var svg: String { Drawing(story, title: "What the marks mean").svg }

  private static var story: Story {
    var story = Story(lanes: ["a", "b"])
    let marks: [Story.Mark] = [
      .asked(0, "something of a", by: "x"),
      .persisted(0, "a record is written, not on disk yet"),
      .held(0, to: 1, "one that waits"),
      .stored(0, count: 1),
      .sent(0, to: 1, envelope: 1, "a message"),
      .arrived(envelope: 1, heard: true),
      .sent(1, to: 0, envelope: 2, "one that is lost"),
      .lost(envelope: 2),
      .expired(1, "a timer of b"),
      .noted(1, "b says what it has done"),
      .replied(0, "what a client is told"),
      .sent(0, to: 1, envelope: 3, "still under way"),
      .persisted(1, "a record"),
      .crashed(1, lost: ["a record"]),
      .sent(0, to: 1, envelope: 4, "to a process that is down"),
      .arrived(envelope: 4, heard: false),
      .restarted(1),
      .across("cut a | b: nothing passes"),
      .across("heal"),
      .checked([0], "what is so of a here", .other),
      .checked([0], "blocked", .blocked),
      .checked([0], "decided commit", .committed),
      .checked([1], "decided abort", .aborted),
      .checked([], "violates a promise", .violated),
    ]
    for mark in marks { story.add(mark) }
    return story
  }
}
