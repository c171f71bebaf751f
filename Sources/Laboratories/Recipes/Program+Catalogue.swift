package import Recipes

/// What a list of recipes says of each.
extension Program {
  /// What it is, in half a line.
  package var about: String { Self.catalogue[name]?.about ?? "" }

  /// The rules of which each is seen to be needed on this recipe.
  package var experiments: [Rule] { Experiment.all.filter { $0.program.name == name }.map(\.rule) }

  /// The recipe with which it shares its source, and so its rules; nil if there is none.
  package var relative: String? { Self.catalogue[name]?.relative }

  /// The rules that it heeds: none other can be left out.
  package var rules: [Rule] {
    let shared = relative.flatMap { name in Self.all.first { $0.name == name } }?.rules ?? []
    return experiments + shared.filter { !experiments.contains($0) }
  }

  private static let catalogue: [String: (about: String, relative: String?)] = [
    "lock": ("an exclusive lock: a line in which each watches the one before it", nil),
    "shared-lock": ("readers together, writers alone, in one line", "lock"),
    "semaphore": ("two permits for four, in one line", "lock"),
    "master": ("candidates in a line, of whom the first leads", "lock"),
    "guarantees": ("what reads see of writes, with sync and with watches", nil),
    "fifo-queue": ("a queue: what is first is taken first, at most once", nil),
    "fifo-process": ("the same queue, whose elements are done before they go", "fifo-queue"),
    "priority-queue": ("a queue in which the most urgent goes first", "fifo-queue"),
    "barrier": ("nobody goes on before all are there", nil),
    "double-barrier": ("all begin together, and all leave together", "barrier"),
    "counter": ("a number to which all add, each addition once", nil),
    "lease": ("an office for a time, by clocks", nil),
    "configuration": ("one publishes, subscribers follow", nil),
    "revisions": ("publishing in place of the version that one has read", "configuration"),
    "update": ("all change one value, and no change is lost", "configuration"),
    "group": ("members by ephemeral nodes, and a monitor that follows them", nil),
    "names": ("addresses of a service, found by its name", "group"),
    "producers": ("brokers are registered, producers follow them", "group"),
    "ids": ("numbers that nobody gets twice", nil),
    "commands": ("consoles send, a machine runs each command once", nil),
    "consumers": ("partitions are divided among those who are there", "group"),
    "naive-lock": ("one node for all, and all wake when it goes", nil),
  ]
}
