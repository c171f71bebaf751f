/// Which operation each slot holds at a moment, moved forward and back.
struct Occupants {
  private var holders: [Int32]
  /// How many events are behind.
  private var place = 0

  init(_ timeline: Timeline) { holders = Array(repeating: -1, count: timeline.slots) }

  subscript(slot: Int32) -> Int32 { holders[Int(slot)] }

  /// Moves to just before the event at `target`.
  mutating func move(to target: Int, _ timeline: Timeline) {
    while place < target {
      set(timeline.events[place], isOpen: timeline.events[place] & 1 == 0, timeline)
      place += 1
    }
    while place > target {
      place -= 1
      set(timeline.events[place], isOpen: timeline.events[place] & 1 == 1, timeline)
    }
  }

  private mutating func set(_ event: Int32, isOpen: Bool, _ timeline: Timeline) {
    let slot = timeline.slotOf[Int(event >> 1)]
    if slot >= 0 { holders[Int(slot)] = isOpen ? event >> 1 : -1 }
  }
}
