/// A role of a protocol: a value that turns each event into effects.
///
/// The machine itself does nothing. A driver gives it events, carries out its effects and gives it
/// what comes of them; one machine so serves a simulator, an explorer and a server alike.
///
/// ## How a chapter is made
///
/// A chapter is a protocol as a paper tells it, written so that it can be read, run, explored and
/// broken. It is one module that imports this one and the problem that it solves, and its files are
/// read in this order:
///
/// 1. `<Chapter>.swift`: the essay, which is the doc comment of its ``Model``, an empty enum here:
///    the problem in a paragraph, the states drawn in text, what the chapter leaves out.
/// 2. `Rule.swift`: an enum that conforms to ``RuleName``. Every line of the protocol that
///    something depends on stands under one of these names, in one of three forms (see ``Ruled``):
///    `guard require(.rule, condition)`, `.send(…, release(.rule))`, `if obey(.rule)`.
/// 3. `Message.swift`, `Record.swift`…: the words, gathered in an enum `Words`, a ``Vocabulary``;
///    what all protocols for the problem say alike is the problem's. Each word has a `description`
///    in the paper's notation, because runs are written and read in these words.
/// 4. One file a role: a `struct` that conforms to ``Machine`` and ``Ruled``. Its state is an enum;
///    `step` is one switch over state and event; small verbs return effects. It never sees a clock,
///    a random number or another node: only events come in, only effects go out.
/// 5. `Node.swift`: an enum over the roles, so that one cluster holds them all. A protocol with one
///    role needs none.
/// 6. `Properties.swift`: a ``Monitor`` that folds what happened into what must hold. It embeds the
///    problem's monitor and adds what the protocol promises beyond.
/// 7. `<Chapter>Model.swift`: the conformance to ``Model``: how the drivers make a cluster from a
///    line such as `nodes c coordinator(a b), a participant, b participant`.
///
/// What only some protocols need is said where it is needed. In the words: on which channels there
/// are streams, and which messages go by them (``Vocabulary/channels``, ``Carriage``); which answer
/// is a refusal, so that a client asks another node. In the model: what clients ask, one after the
/// other and beside each other (``Ask``); which timers are bounded apart, and the term or ballot
/// that a node has come to; what a request is in a history. In the monitor: what clients see
/// (``ClientEvent``), and which conditions are of what remains possible. A machine that stamps what
/// it writes takes its clock's reading with each event (``step(_:at:)``).
///
/// Nothing else is needed: the simulator, the explorer, the minimizer and run files work on any
/// ``Model``. What must be true of a machine for that:
///
/// - ``step(_:)`` is a function: the same value and event give the same value and effects. So no
///   `Set` or `Dictionary` is iterated to make effects, and time, chance and identity come in from
///   outside.
/// - A restart is the initial value again and ``Event/started(_:)`` with what the disk holds. What
///   was not persisted, or not stable yet, is gone.
/// - A send and a reply wait until all that was persisted before them is stable, unless they say
///   ``Release/atOnce``. Say it only where the protocol allows it, and say why.
/// - What grows (a log, a history) is a stored property beside the state's enum, not in a payload.
///
/// Three kinds of wrong have three answers. What a late or repeated message asks is ignored, in a
/// case of the switch that names it and says why. What no correct peer sends to a machine in this
/// state is the peer's fault, and a note says so. What the machine itself relies on is asserted; no
/// event, whatever it holds, may stop the process.
public protocol Machine: Hashable, Sendable {
  /// What this machine and those that it talks to speak about.
  associatedtype Words: Vocabulary

  /// Takes one event and returns what is to be done about it, in order.
  ///
  /// Each incarnation begins with `started`, which reaches the machine's initial value.
  mutating func step(_ event: Event<Words>) -> [Effect<Words>]

  /// Whether the machine wants to know what its node's clock reads; see ``step(_:at:)``.
  static var readsClock: Bool { get }

  /// Takes one event, and what the clock of its node reads at that moment.
  ///
  /// The reading is the driver's, never the system's: clocks of two nodes differ by no more than
  /// the driver says, and a clock never goes back. What a machine makes of it is a stamp, not a
  /// wait; for waiting there are timers.
  mutating func step(_ event: Event<Words>, at reading: Ticks) -> [Effect<Words>]
}

extension Machine {
  /// It does not.
  public static var readsClock: Bool { false }

  /// The reading does not matter.
  public mutating func step(_ event: Event<Words>, at reading: Ticks) -> [Effect<Words>] {
    step(event)
  }
}
