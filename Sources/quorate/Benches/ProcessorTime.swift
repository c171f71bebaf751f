import Foundation

/// Seconds of the processor, which other processes do not lengthen as they do those of the clock.
enum ProcessorTime {
  /// What this process took.
  static var own: Double { seconds(of: 0) }

  /// What the processes took that it started and waited for.
  static var children: Double { seconds(of: -1) }

  /// The most memory that this process held at once, in kilobytes.
  static var peakKilobytes: Int {
    #if canImport(Darwin)
      var usage = rusage()
      getrusage(RUSAGE_SELF, &usage)
      return usage.ru_maxrss / 1024
    #else
      // What getrusage tells is at least what the parent held when it forked.
      let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
      return status.firstMatch(of: /VmHWM:\s+(\d+)/).flatMap { Int($0.1) } ?? 0
    #endif
  }

  private static func seconds(of who: Int32) -> Double {
    var usage = rusage()
    #if canImport(Darwin)
      getrusage(who, &usage)
    #else
      getrusage(__rusage_who_t(who), &usage)
    #endif
    let times = [usage.ru_utime, usage.ru_stime]
    return times.map { Double($0.tv_sec) + Double($0.tv_usec) / 1e6 }.reduce(0, +)
  }
}

extension Double {
  /// With so many decimals.
  func fixed(_ decimals: Int) -> String { String(format: "%.\(decimals)f", self) }
}
