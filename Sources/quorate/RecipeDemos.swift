import ArgumentParser
import RecipesLab

struct ConfigCenterDemo: RecipeDemo {
  static let demo = Demo.configCenter
  @OptionGroup var options: DemoOptions
}

struct LoadBalancerDemo: RecipeDemo {
  static let demo = Demo.loadBalancer
  @OptionGroup var options: DemoOptions
}

struct NamingDemo: RecipeDemo {
  static let demo = Demo.naming
  @OptionGroup var options: DemoOptions
}

struct MonitorDemo: RecipeDemo {
  static let demo = Demo.monitor
  @OptionGroup var options: DemoOptions
}

struct MasterDemo: RecipeDemo {
  static let demo = Demo.master
  @OptionGroup var options: DemoOptions
}

struct LockDemo: RecipeDemo {
  static let demo = Demo.lock
  @OptionGroup var options: DemoOptions
}

struct QueueDemo: RecipeDemo {
  static let demo = Demo.queue
  @OptionGroup var options: DemoOptions
}

struct BarrierDemo: RecipeDemo {
  static let demo = Demo.barrier
  @OptionGroup var options: DemoOptions
}
