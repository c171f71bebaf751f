import Testing
import ZooKeeper

@Suite struct ErrorCodeTests {
  @Test(arguments: ErrorCode.named)
  func `A documented name leads back to its code`(code: ErrorCode) {
    #expect(ErrorCode(named: code.description) == code)
  }

  @Test func `A number without a name is kept`() {
    #expect(ErrorCode(rawValue: -4711).rawValue == -4711)
    #expect(ErrorCode(rawValue: -4711).description == "error -4711")
  }
}
