package import Recipes

/// A use of ZooKeeper as a short story: processes that do something, one that dies or stops in
/// between, and what has held in the end.
///
/// The story is the same in the laboratory and on a real server: what happens next waits for what
/// was said, never for a step or a moment.
package struct Demo: Sendable {
  /// Its name: `lock`.
  package let name: String
  /// What is shown, in a sentence.
  package let about: String
  /// What happens, one scene after the other.
  package let scenes: [Scene]
  /// The rules without which it is seen to go wrong.
  package let rules: [Rule]

  /// A part of a demo, with processes of its own.
  package struct Scene: Sendable {
    /// What it is about.
    package let title: String
    /// What the processes do, and what judges it.
    package let program: Program
    /// What goes wrong, and when.
    package let cues: [Cue]
    /// What must hold.
    package let promises: [Promise]
    /// A note in the story's words; nil if it is not told.
    package let words: @Sendable (Note) -> String?
  }

  /// What must hold, and the judge's properties that it is.
  package struct Promise: Sendable {
    package let properties: [String]
    package let words: String

    init(_ words: String, _ properties: String...) {
      (self.words, self.properties) = (words, properties)
    }
  }

  /// All of them.
  package static let all: [Demo] = [
    configCenter, loadBalancer, naming, monitor, master, lock, queue, barrier,
  ]
}

/// A fault that strikes when something is said.
package struct Cue: Sendable {
  /// Something that a process says.
  package struct Trigger: Sendable {
    private let process: Int
    private let matches: @Sendable (Note.What) -> Bool

    init(_ process: Int, _ matches: @escaping @Sendable (Note.What) -> Bool) {
      (self.process, self.matches) = (process, matches)
    }

    init(_ process: Int, _ what: Note.What) { self.init(process) { $0 == what } }

    /// Whether it is this.
    func isMet(by note: Note) -> Bool { note.process == process && matches(note.what) }
  }

  /// When it strikes: the first time that this is said.
  let when: Trigger
  /// Whom.
  let process: Int
  /// For how long the process is stopped, in milliseconds; nil if it is killed.
  let stops: Int?
  /// What must have been said by then, too.
  let until: Trigger?

  static func kill(_ process: Int, when: Trigger) -> Cue {
    Cue(when: when, process: process, stops: nil, until: nil)
  }

  static func stop(
    _ process: Int, for time: Int, when: Trigger, until: Trigger? = nil
  ) -> Cue {
    Cue(when: when, process: process, stops: time, until: until)
  }

  var fault: Fault.Kind { stops.map { .stop($0) } ?? .crash }
}

/// Something that happens in a demo.
package struct Moment: Sendable {
  /// What.
  package enum What: Sendable {
    case said(Note)
    /// A process is killed, is stopped, goes on, has ended.
    case killed, stopped, goesOn, ended
    /// The session of a process that was killed or stopped is over.
    case sessionEnds
  }

  /// When, in milliseconds from the beginning.
  package let time: Int64
  /// Whom it concerns.
  package let process: Int
  package let what: What
}
