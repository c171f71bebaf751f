internal import NIOCore

#if TLS
  internal import NIOSSL
  internal import NIOTLS

  /// What stands between a socket and a server where bytes are encrypted.
  ///
  /// BoringSSL does the work, by swift-nio-ssl: so it is compiled only with the trait `TLS`.
  struct TLSLayer: Sendable {
    private let context: NIOSSLContext

    /// Reads the keys and certificates of a place.
    init(_ place: SecurePlace) throws(SecurePlace.Fault) {
      let certificates = Self.certificates(in: place.keys)
      guard !certificates.isEmpty else { throw .noCertificate }
      var configuration = TLSConfiguration.makeServerConfiguration(
        certificateChain: certificates.map { .certificate($0) },
        privateKey: .privateKey(try Self.key(of: place)))
      configuration.minimumTLSVersion = place.versions.lowerBound == .twelve ? .tlsv12 : .tlsv13
      configuration.maximumTLSVersion = place.versions.upperBound == .twelve ? .tlsv12 : .tlsv13
      if place.clientAuthentication != .none {
        let roots = Self.certificates(in: place.roots ?? "")
        guard !roots.isEmpty else { throw .noRoots }
        configuration.trustRoots = .certificates(roots)
        // A server does not know by which name a client should be called.
        configuration.certificateVerification =
          place.clientAuthentication == .need ? .noHostnameVerification : .optionalVerification
      }
      do {
        context = try NIOSSLContext(configuration: configuration)
      } catch {
        throw .otherKey
      }
    }

    private static func certificates(in text: String) -> [NIOSSLCertificate] {
      (try? NIOSSLCertificate.fromPEMBytes(Array(text.utf8))) ?? []
    }

    private static func key(of place: SecurePlace) throws(SecurePlace.Fault) -> NIOSSLPrivateKey {
      do {
        return try NIOSSLPrivateKey(bytes: Array(place.keys.utf8), format: .pem) { set in
          set(place.password.utf8)
        }
      } catch {
        throw .noKey
      }
    }

    /// Puts it in front of what handles a connection.
    func add(to pipeline: ChannelPipeline.SynchronousOperations) throws {
      try pipeline.addHandlers([NIOSSLServerHandler(context: context), CertificateHandler()])
    }
  }

  /// Tells whose certificate a client has shown, before anything that it sends.
  private final class CertificateHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
      if case .handshakeCompleted = event as? TLSUserEvent {
        let shown = try? context.channel.pipeline.syncOperations.nioSSL_peerCertificate()
        if let bytes = try? shown?.toDERBytes() {
          guard let name = DistinguishedName(ofCertificate: bytes) else {
            return context.close(promise: nil)
          }
          context.fireUserInboundEventTriggered(ShownCertificate(subject: name.text))
        }
      }
      context.fireUserInboundEventTriggered(event)
    }
  }
#else
  /// What would stand between a socket and a server where bytes are encrypted.
  struct TLSLayer: Sendable {
    /// - Throws: That there is no TLS.
    init(_ place: SecurePlace) throws(SecurePlace.Fault) { throw .notBuilt }

    /// Is never called: there is no such value.
    func add(to pipeline: ChannelPipeline.SynchronousOperations) throws {}
  }
#endif
