import CLibFuzzer
import Foundation

/// Gives bytes that libFuzzer makes up to what reads bytes of others: none may trap, hang, or take
/// memory without an end.
///
///     fuzz TARGET SEEDS [libFuzzer's options, folders of inputs]
///
/// First it writes the target's seeds to the folder SEEDS.
@main enum Fuzz {
  static func main() {
    let arguments = CommandLine.arguments
    guard arguments.count > 2, let target = FuzzTarget(rawValue: arguments[1]) else {
      let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: "|")
      FileHandle.standardError.write(Data("usage: fuzz \(names) SEEDS …\n".utf8))
      exit(64)
    }
    do {
      try write(target.seeds, to: URL(filePath: arguments[2], directoryHint: .isDirectory))
    } catch {
      FileHandle.standardError.write(Data("\(arguments[2]): \(error)\n".utf8))
      exit(3)
    }
    run(target, [arguments[0]] + arguments.dropFirst(3))
  }

  private static func write(_ seeds: [[UInt8]], to folder: URL) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (number, seed) in seeds.enumerated() {
      try Data(seed).write(to: folder.appending(path: "seed-\(number)"))
    }
  }

  private static func run(_ target: FuzzTarget, _ arguments: [String]) -> Never {
    // They are libFuzzer's for as long as the process lives.
    let pointers = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
      .allocate(capacity: arguments.count + 1)
    for (place, argument) in arguments.enumerated() { pointers[place] = strdup(argument) }
    pointers[arguments.count] = nil
    var (count, vector) = (CInt(arguments.count), Optional(pointers))
    let code =
      switch target {
      case .frames: LLVMFuzzerRunDriver(&count, &vector) { take($0, $1, .frames) }
      case .records: LLVMFuzzerRunDriver(&count, &vector) { take($0, $1, .records) }
      case .log: LLVMFuzzerRunDriver(&count, &vector) { take($0, $1, .log) }
      case .snapshot: LLVMFuzzerRunDriver(&count, &vector) { take($0, $1, .snapshot) }
      case .configuration: LLVMFuzzerRunDriver(&count, &vector) { take($0, $1, .configuration) }
      }
    exit(code)
  }
}

/// Gives an input of libFuzzer's to a target.
private func take(_ data: UnsafePointer<UInt8>?, _ count: Int, _ target: FuzzTarget) -> CInt {
  target.take(Array(UnsafeBufferPointer(start: data, count: count)))
  return 0
}
