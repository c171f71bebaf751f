import Conformance
import Lab
import Targets
import ZooKeeperConformance

extension RunFile {
  /// The run at a path, whose claims chapters make.
  ///
  /// - Throws: What is wrong with the file, and where.
  static func checked(_ path: String) throws -> RunFile {
    let file = try RunFile(try LaboratoryOptions.read(path), path: path)
    try Claims.suite.check(citedBy: file)
    return file
  }
}
