public import Foundation

/// The pages of the Notes, whose generated blocks and pictures are made from sources and runs.
public struct Notes: Sendable {
  /// The project's folder.
  let folder: URL

  /// The Notes of the project in `folder`.
  public init(_ folder: URL) { self.folder = folder }

  /// The names of the pages.
  public var pages: [String] {
    let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path + "/Notes")
    return (names ?? []).filter { $0.hasSuffix(".md") }.sorted()
  }

  /// A page as it is.
  func page(_ name: String) throws -> Page {
    let url = folder.appending(path: "Notes/\(name)")
    return Page(name: name, text: try String(contentsOf: url, encoding: .utf8))
  }

  /// What a block's marker asks for.
  ///
  /// - Throws: ``NotesError`` with page and line.
  func make(_ block: Page.Block, of page: String) throws -> String {
    do {
      return try made(block)
    } catch var error as NotesError {
      error.place = "Notes/\(page):\(block.line)"
      throw error
    } catch {
      throw NotesError("\(error)", at: "Notes/\(page):\(block.line)")
    }
  }

  private func made(_ block: Page.Block) throws -> String {
    let argument = block.arguments.first ?? ""
    return switch block.kind {
    case "excerpt": try Excerpt.markdown(of: argument, below: folder)
    case "run": try Runs.text(argument, below: folder)
    case "drawing": try Runs.drawing(argument, below: folder).markdown
    case "history": try RunHistory.drawing(block.arguments, below: folder).markdown
    case "sequence": try Sequences.drawing(block.arguments, below: folder).markdown
    case "herd": argument == "plot" ? Sequences.herdPlot().markdown : Sequences.herdTable()
    case "rules" where argument == "recipes": try Sequences.rules(below: folder)
    case "rules": try Runs.rules(block.arguments, below: folder)
    case "properties": try Promised.properties(of: argument, below: folder)
    case "conditions": try Promised.conditions(of: argument, below: folder)
    case "costs": try Measured.costs(of: block.arguments)
    case "plot": try Measured.plot(of: argument).markdown
    case "survey": try Runs.survey(argument, below: folder)
    case "table": try Measured.table(of: block.arguments)
    case "broken": try Broken.table(of: argument, below: folder)
    case "states": try Explored.table(of: argument, below: folder)
    case "concurrency": try Automata.table(of: argument)
    case "automata": try Automata.drawing(of: argument).markdown
    case "legend": Legend.markdown
    case "case": try CaseDrawing.drawing(argument, below: folder).markdown
    case "claims": try ClaimTable.table(of: argument, below: folder)
    case "verdicts": try VerdictsByClaim.table(of: block.arguments, below: folder)
    case "server": try ServerReference.table(of: argument)
    case "command": try CommandBlock.text(block.arguments, below: folder)
    default: throw NotesError("nothing is called '\(block.kind)' that a block could hold")
    }
  }

  /// The pictures that a block shows or leads to.
  func pictures(of block: Page.Block) throws -> [(picture: String, svg: String)] {
    let argument = block.arguments.first ?? ""
    switch block.kind {
    case "drawing":
      let drawing = try Runs.drawing(argument, below: folder)
      return [(drawing.picture, drawing.svg)]
    case "history":
      let history = try RunHistory.drawing(block.arguments, below: folder)
      return [(history.picture, history.svg)]
    case "plot":
      let plot = try Measured.plot(of: argument)
      return [(plot.picture, plot.svg)]
    case "automata":
      let automata = try Automata.drawing(of: argument)
      return [(automata.picture, automata.svg)]
    case "legend": return [(Legend.picture, Legend.svg)]
    case "case":
      let drawing = try CaseDrawing.drawing(argument, below: folder)
      return [(drawing.picture, drawing.svg)]
    case "sequence":
      let drawing = try Sequences.drawing(block.arguments, below: folder)
      return [(drawing.picture, drawing.svg)]
    case "herd" where argument == "plot":
      let plot = Sequences.herdPlot()
      return [(plot.picture, plot.svg)]
    case "broken": return try Broken.drawings(of: argument, below: folder)
    default: return []
    }
  }

  /// Writes a page's blocks and pictures anew; a block in which only a time differs stays.
  public func write(_ name: String) throws {
    let page = try page(name)
    let renewed = try page.renewed { block in
      let now = try make(block, of: name)
      let isSame = CommandBlock.timeless(now) == CommandBlock.timeless(block.body)
      return isSame ? block.body : now
    }
    try renewed.write(
      to: folder.appending(path: "Notes/\(name)"), atomically: true, encoding: .utf8)
    for (picture, svg) in try page.blocks().flatMap(pictures) {
      let url = folder.appending(path: "Notes/\(picture)")
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try svg.write(to: url, atomically: true, encoding: .utf8)
    }
  }
}
