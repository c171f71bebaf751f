import CLibXML2

/// Writes an XML document into memory with libxml2's writer, which escapes what must be.
///
/// Errors are remembered and told once, at the end: the writer's only cause is want of memory.
struct XMLWriter: ~Copyable {
  private let buffer: xmlBufferPtr
  private let writer: xmlTextWriterPtr
  private var isGood = true

  /// A document's writer; nil without memory.
  init?() {
    guard let buffer = xmlBufferCreate() else { return nil }
    guard let writer = xmlNewTextWriterMemory(buffer, 0) else {
      xmlBufferFree(buffer)
      return nil
    }
    self.buffer = buffer
    self.writer = writer
    note(xmlTextWriterSetIndent(writer, 1))
    note(xmlTextWriterStartDocument(writer, "1.0", "UTF-8", nil))
  }

  deinit {
    xmlFreeTextWriter(writer)
    xmlBufferFree(buffer)
  }

  private mutating func note(_ result: Int32) { if result < 0 { isGood = false } }

  /// An element with these attributes, and what `content` writes into it.
  mutating func element(
    _ name: String, _ attributes: [(String, String)],
    content: (inout XMLWriter) -> Void = { _ in }
  ) {
    note(xmlTextWriterStartElement(writer, name))
    for (name, value) in attributes {
      note(xmlTextWriterWriteAttribute(writer, name, VisibleText.of(value)))
    }
    content(&self)
    note(xmlTextWriterEndElement(writer))
  }

  /// Characters inside the element.
  mutating func text(_ text: String) {
    note(xmlTextWriterWriteString(writer, VisibleText.of(text)))
  }

  /// The whole document.
  consuming func finished() -> String? {
    note(xmlTextWriterEndDocument(writer))
    note(xmlTextWriterFlush(writer))
    guard isGood, let content = xmlBufferContent(buffer) else { return nil }
    return String(cString: content)
  }
}
