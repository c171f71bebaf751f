import Foundation

/// How large the comparisons with brute force are: `QUORATE_HISTORIES=100000` for a campaign.
enum Campaign {
  static func size(of usual: Int) -> Int {
    ProcessInfo.processInfo.environment["QUORATE_HISTORIES"].flatMap(Int.init) ?? usual
  }
}
