import Lab
import Testing

/// The table of what searches find.
struct SearchRecordTests {
  private static let heading = SearchRecord.heading + "\n"

  @Test func `A table is read as it was written`() throws {
    let text = Self.heading + "2pc\twithout-a\tAC1\t3\t120\nzab\tflaw-b\tdurability\t0\t9\n"
    let records = try SearchRecord.all(in: text)
    #expect(records.map(\.acts) == [120, 9])
    #expect(records[1].isOf("zab", "flaw-b"))
    #expect(SearchRecord.table(of: records) == text)
  }

  @Test(arguments: [
    ("", "line 1: a table of searches begins with '\(SearchRecord.heading)'"),
    (heading + "2pc\twithout-a\tAC1\t3\n", "line 2: a search has 5 fields, this one 4"),
    (
      heading + "2pc\twithout-a\tAC1\t3\tmany\n",
      "line 2: runs and acts are counts, not '3' and 'many'"
    ),
    (
      heading + "2pc\twithout-a\tAC1\t-1\t2\n",
      "line 2: runs and acts are counts, not '-1' and '2'"
    ),
    (
      heading + "2pc\twithout-a\tAC1\t3\t1\n\n2pc\twithout-a\tAC2\t3\t1\n",
      "line 4: without-a of 2pc stands here twice"
    ),
  ])
  func `What is no table is told with its line`(text: String, told: String) {
    #expect {
      try SearchRecord.all(in: text)
    } throws: { error in
      "\(error)" == told
    }
  }
}
