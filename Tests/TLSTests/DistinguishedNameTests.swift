import Foundation
import Testing
import ZooKeeperServer

/// Names as Java 17 prints them of the same certificates, which openssl has made.
@Suite struct `The subject of a certificate` {
  private static let joined = """
    MIIB0jCCAXegAwIBAgIUdt2bw9A6NYf/sfxRwfxcmO1haBMwCgYIKoZIzj0EAwIwPjEQMA4GA1UECgwHUXVvcmF0ZTEa
    MAoGA1UEAwwDYm9iMAwGA1UECwwFVGVzdHMxDjAMBgNVBAMMBSN4LCB5MB4XDTI2MTEzMDIwMzYwN1oXDTI2MTIwMjIw
    MzYwN1owPjEQMA4GA1UECgwHUXVvcmF0ZTEaMAoGA1UEAwwDYm9iMAwGA1UECwwFVGVzdHMxDjAMBgNVBAMMBSN4LCB5
    MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEAq1RRqveUMH8PZJAJsEcFdB31TTR5CCvSqNKWYs3OmXgw041so2piKs8
    4zPYSUjC2EC1wF+zXAPjMLIwMQYJhKNTMFEwHQYDVR0OBBYEFHSSOdNQKCd5dxha7sLpUz3E6LUTMB8GA1UdIwQYMBaA
    FHSSOdNQKCd5dxha7sLpUz3E6LUTMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSQAwRgIhAOlyiA05s/OVR/jl
    sB2ca0Swme/3B8YaKVvhBqJlMMZpAiEAnwlQUCM3ctMSKFrXkXidnfP/A/kbSjxjdMMRBA3h0mQ=
    """
  private static let escaped = """
    MIIBsDCCAVWgAwIBAgIUJ4oenyEnm5IFsWm+cP9G15IBZaowCgYIKoZIzj0EAwIwLTEPMA0GA1UECgwGYT1iICBjMQsw
    CQYDVQQMDAJEcjENMAsGA1UEAwwEWm/DqzAeFw0yNjExMzAyMDM2MzlaFw0yNjEyMDIyMDM2MzlaMC0xDzANBgNVBAoM
    BmE9YiAgYzELMAkGA1UEDAwCRHIxDTALBgNVBAMMBFpvw6swWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARj6LucsxdJ
    JjHZXmyMnrpvivefOAwzuDH9hsfWdmgounTeijVW6dzrB6mVot/EYscLlNPwJ7v0o+v9XCwaYGHno1MwUTAdBgNVHQ4E
    FgQUZm3NWDRAGUwqZvPvXN1Y6AnDHhQwHwYDVR0jBBgwFoAUZm3NWDRAGUwqZvPvXN1Y6AnDHhQwDwYDVR0TAQH/BAUw
    AwEB/zAKBggqhkjOPQQDAgNJADBGAiEAjgwmSCRy7oxPMnNP1pgSpw3yuKOpLk4Bg8Zp9AEfR/sCIQC/6M3O2cq5U91u
    kLr4RhqDuBZUkLOeOJBjZErUU9Qotw==
    """

  private func bytes(_ text: String) throws -> [UInt8] {
    Array(try #require(Data(base64Encoded: text, options: .ignoreUnknownCharacters)))
  }

  @Test(arguments: [
    (joined, "CN=\\#x\\, y,CN=bob+OU=Tests,O=Quorate"),
    (escaped, "CN=Zoë,2.5.4.12=#0c024472,O=a\\=b  c"),
  ])
  func `Is written as Java writes it`(certificate: String, name: String) throws {
    #expect(DistinguishedName(ofCertificate: try bytes(certificate))?.text == name)
  }

  @Test func `Is none where the bytes are none, and reading them never traps`() throws {
    let whole = try bytes(Self.joined)
    #expect(DistinguishedName(ofCertificate: []) == nil)
    for end in 0..<whole.count {
      #expect(DistinguishedName(ofCertificate: Array(whole[..<end])) == nil)
    }
    for place in 0..<200 {
      for value in UInt8.min ... .max {
        var changed = whole
        changed[place] = value
        _ = DistinguishedName(ofCertificate: changed)
      }
    }
  }
}
