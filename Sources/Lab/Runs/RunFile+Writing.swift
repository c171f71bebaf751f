public import ProtocolCore

extension Playback {
  /// The file with its indented lines rewritten to what followed, and nothing else changed: acts
  /// and checks stay, so a check that fails still fails.
  public var updated: String {
    var text: [String] = []
    var followed: [Int: [String]] = [:]
    for frame in frames {
      guard let line = frame.line else { continue }
      followed[line, default: []] += frame.followed
    }
    for line in file.lines {
      switch line.kind {
      case .followed:
        // What follows an act that was not played stays as it is.
        if isPlayed(before: line.number, followed) { continue }
        text.append(line.text)
      case .acts:
        text.append(line.text)
        text += RunFile.layout(followed[line.number] ?? [])
      case .blank, .header, .checks: text.append(line.text)
      }
    }
    return text.joined(separator: file.lineEnd)
  }

  private func isPlayed(before number: Int, _ followed: [Int: [String]]) -> Bool {
    let acts = file.lines.prefix(number - 1).last { $0.kind.isPlay }
    return acts.map { followed[$0.number] != nil } ?? false
  }
}

extension RunFile {
  /// Indented lines, in columns.
  public static func layout(_ followed: [String]) -> [String] {
    let width = 36
    var lines: [String] = []
    var line = ""
    for entry in followed {
      let cells = (entry.count + 2 + width - 1) / width
      let padded = entry.padded(to: max(1, cells) * width)
      if !line.isEmpty, line.count + entry.count > 92 {
        lines.append(line)
        line = ""
      }
      line += padded
    }
    if !line.isEmpty { lines.append(line) }
    return lines.map { line in "    " + String(line.reversed().drop { $0 == " " }.reversed()) }
  }

  /// Writes a run down, ready to be replayed.
  ///
  /// - Parameters:
  ///   - id: its id, which begins with the chapter's name.
  ///   - title: what happens, in a sentence.
  ///   - header: the lines of the header after the first, each a key and its value.
  ///   - cluster: its setting.
  ///   - acts: what happens.
  ///   - coda: acts that follow, and what is said before them.
  ///   - checks: what stands at the end, without the `=`.
  public static func text<C: Model>(
    id: String, title: String, header: [(Key, String)] = [], cluster: Cluster<C>,
    acts: [Act<C.Words>], coda: (comment: String, acts: [Act<C.Words>])? = nil, checks: [String]
  ) -> String {
    var lines = ["run".padded(to: 8) + "\(id)  \(title)"]
    lines += header.map { $0.rawValue.padded(to: 8) + $1 }
    lines += ["nodes   " + cluster.topology.map(\.description).joined(separator: ", ")]
    if cluster.variant != C.Variant.allCases.first {
      lines += ["variant " + cluster.variant.rawValue]
    }
    let rules = C.Rule.allCases.filter { cluster.without.contains($0) }
    if !rules.isEmpty { lines += ["without " + rules.map(\.rawValue).joined(separator: " ")] }
    if let flaw = cluster.flaw { lines += ["flaw    " + flaw.name] }
    var system = SystemState(cluster)
    for entry in Trace(of: acts, on: &system).entries {
      lines += ["> " + entry.act] + layout(entry.lines)
    }
    if let coda, !coda.acts.isEmpty {
      lines += ["# " + coda.comment]
      for entry in Trace(of: coda.acts, on: &system).entries {
        lines += ["> " + entry.act] + layout(entry.lines)
      }
    }
    lines += checks.map { "= " + $0 }
    return lines.joined(separator: "\n") + "\n"
  }
}
