public import NIOCore
import ZooKeeper

/// Takes the bytes of a connection apart for a reader: field by field, each with its offset.
///
/// It knows what was asked, so it can tell what a reply holds; and it knows a handshake when it
/// sees one, so a client that connects again needs no word to it. What does not decode is shown as
/// far as it does, with the fault and its offset.
public struct Dissector: Sendable {
  private var sent = FrameReader(limit: FrameReader.clientLimit)
  private var received = FrameReader(limit: FrameReader.clientLimit)
  private var asked: [Xid: Opcode] = [:]
  private var awaitsHandshake = false

  /// A dissector at the beginning of a conversation.
  public init() {}

  /// A frame taken apart.
  public struct Dissection: Hashable, Sendable {
    /// What it is: `getData, xid 4`, `reply to getData`.
    public var title: String
    /// Its fields in order.
    public var fields: [Field] = []
    /// What is wrong, and where.
    public var fault: WireError?
  }

  /// A field as it stands in a frame.
  public struct Field: Hashable, Sendable {
    /// Where it begins, counted from the first byte after the length prefix.
    public let offset: Int
    /// Its documented name, those of elements with their place: `acl[0].perms`.
    public let name: String
    /// Its value in words.
    public let value: String
  }

  /// The frames that are whole now that these bytes have gone one way.
  public mutating func take(_ bytes: ByteBuffer, isSent: Bool) -> [Dissection] {
    if isSent, Self.isHandshake(bytes) {
      self = Dissector()
      awaitsHandshake = true
    }
    if isSent { sent.append(bytes) } else { received.append(bytes) }
    var dissections: [Dissection] = []
    do throws(WireError) {
      while let frame = isSent ? try sent.next() : try received.next() {
        dissections.append(isSent ? request(frame) : answer(frame))
      }
    } catch {
      dissections.append(Dissection(title: "no frame", fault: error))
    }
    return dissections
  }

  /// A client's first frame begins with the version 0, where others have an xid, and is as long as
  /// a password of 16 bytes makes it.
  private static func isHandshake(_ bytes: ByteBuffer) -> Bool {
    let start = bytes.readerIndex
    guard let length = bytes.getInteger(at: start, as: Int32.self), (44...45).contains(length)
    else { return false }
    return bytes.getInteger(at: start + 4, as: Int32.self) == 0
      && bytes.getInteger(at: start + 28, as: Int32.self) == 16
  }

  // MARK: Frames

  private mutating func request(_ frame: ByteBuffer) -> Dissection {
    if awaitsHandshake, asked.isEmpty, Self.isConnect(frame) {
      return Dissection(title: "ConnectRequest", frame, Layout.connectRequest)
    }
    guard let xid = frame.getInteger(at: frame.readerIndex, as: Int32.self),
      let type = frame.getInteger(at: frame.readerIndex + 4, as: Int32.self)
    else { return Dissection(title: "request", frame, Layout.requestHeader) }
    let opcode = Opcode(rawValue: type)
    asked[xid] = opcode
    return Dissection(
      title: "\(opcode)", frame, Layout.requestHeader, then: Layout.request(opcode))
  }

  private static func isConnect(_ frame: ByteBuffer) -> Bool {
    (44...45).contains(frame.readableBytes)
      && frame.getInteger(at: frame.readerIndex, as: Int32.self) == 0
  }

  private mutating func answer(_ frame: ByteBuffer) -> Dissection {
    if awaitsHandshake, frame.readableBytes > 16 {
      awaitsHandshake = false
      return Dissection(title: "ConnectResponse", frame, Layout.connectResponse)
    }
    guard let xid = frame.getInteger(at: frame.readerIndex, as: Int32.self) else {
      return Dissection(title: "reply", frame, Layout.replyHeader)
    }
    if xid == .notification {
      return Dissection(title: "notification", frame, Layout.replyHeader, then: Layout.event)
    }
    guard let opcode = asked[xid] else {
      return Dissection(title: "reply to nothing", frame, Layout.replyHeader, then: nil)
    }
    let error = frame.getInteger(at: frame.readerIndex + 12, as: Int32.self) ?? 0
    let body = error == 0 ? Layout.reply(opcode) : []
    return Dissection(title: "reply to \(opcode)", frame, Layout.replyHeader, then: body)
  }
}

extension Dissector.Dissection {
  /// Takes a frame apart by these layouts.
  ///
  /// - Parameter body: What follows the head; nil if nobody knows.
  fileprivate init(
    title: String, _ frame: ByteBuffer, _ head: [Layout], then body: [Layout]? = []
  ) {
    self.init(title: title)
    var reader = JuteReader(frame, .strict)
    do throws(WireError) {
      try read(head, "", &reader)
      if let body {
        try read(body, "", &reader)
        try reader.end()
      } else if reader.bytesLeft > 0 {
        fields.append(
          Dissector.Field(offset: reader.offset, name: "…", value: "\(reader.bytesLeft) bytes"))
      }
    } catch {
      fault = error
    }
  }

  private mutating func read(
    _ layouts: [Layout], _ prefix: String, _ reader: inout JuteReader
  ) throws(WireError) {
    for layout in layouts { try read(layout, prefix, &reader) }
  }

  private mutating func read(
    _ layout: Layout, _ prefix: String, _ reader: inout JuteReader
  ) throws(WireError) {
    let offset = reader.offset
    func field(_ name: String, _ value: String) -> Dissector.Field {
      Dissector.Field(offset: offset, name: prefix + name, value: value)
    }
    switch layout {
    case .int(let name): fields.append(field(name, "\(try reader.int())"))
    case .long(let name): fields.append(field(name, "\(try reader.long())"))
    case .id(let name):
      fields.append(field(name, "0x" + String(UInt64(bitPattern: try reader.long()), radix: 16)))
    case .word(let name, let word): fields.append(field(name, word(try reader.int())))
    case .boolean(let name): fields.append(field(name, "\(try reader.boolean())"))
    case .optionalBoolean(let name):
      if reader.bytesLeft > 0 { fields.append(field(name, "\(try reader.boolean())")) }
    case .buffer(let name):
      fields.append(field(name, try reader.buffer().map(Self.words) ?? "null"))
    case .string(let name):
      fields.append(field(name, try reader.string().map { "\"\($0)\"" } ?? "null"))
    case .vector(let name, let element):
      let count = try reader.int()
      fields.append(field(name, count == -1 ? "null" : "\(count)"))
      guard count > 0 else { return }
      for place in 0..<count {
        try read(element, "\(prefix)\(name)[\(place)]" + (element.count > 1 ? "." : " "), &reader)
      }
    case .operations(let areResults): try readOperations(areResults, &reader)
    }
  }

  private mutating func readOperations(
    _ areResults: Bool, _ reader: inout JuteReader
  ) throws(WireError) {
    var place = 0
    while true {
      let offset = reader.offset
      var ahead = reader
      let header = try MultiHeader(from: &ahead)
      let prefix = header.isEnd ? "end." : "\(areResults ? "result" : "op")[\(place)]."
      try read(Layout.multiHeader, prefix, &reader)
      if header.isEnd { return }
      guard let body = areResults ? Layout.result(header.opcode) : Layout.request(header.opcode)
      else { throw WireError(.notInMulti(header.opcode), at: offset) }
      try read(body, prefix, &reader)
      place += 1
    }
  }

  /// Bytes as text where they are printable, else in hexadecimal.
  private static func words(_ bytes: [UInt8]) -> String {
    let isText = bytes.allSatisfy { (0x20..<0x7f).contains($0) }
    if isText, !bytes.isEmpty, bytes.count <= 200 {
      return "\"\(String(decoding: bytes, as: UTF8.self))\""
    }
    let digits = bytes.prefix(32).map { byte in
      let text = String(byte, radix: 16)
      return text.count == 1 ? "0" + text : text
    }
    let rest = bytes.count > 32 ? "…" : ""
    return "\(bytes.count) bytes" + (bytes.isEmpty ? "" : " " + digits.joined() + rest)
  }
}
