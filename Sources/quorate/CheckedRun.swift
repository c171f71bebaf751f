import Conformance
import Lab

extension RunFile {
  /// The run at a path, whose claims chapters make.
  ///
  /// - Throws: What is wrong with the file, and where.
  static func checked(_ path: String) throws -> RunFile {
    let file = try RunFile(try LaboratoryOptions.read(path), path: path)
    try Claims.check(citedBy: file)
    return file
  }
}
