import {
  XmlBufferInputProvider,
  XmlDocument,
  XsdValidator,
  xmlCleanupInputProvider,
  xmlRegisterInputProvider,
} from 'libxml2-wasm';

/**
 * A validator from schema documents that import each other. It never reads anything else, now or later.
 *
 * @param files the documents, by the address with which they import each other
 * @param entry address of the document that imports the others
 * @throws if they are not valid XML Schema
 */
export function compileSchema(
  files: Readonly<Record<string, string>>,
  entry: string,
): XsdValidator {
  const contents = Object.entries(files).map(
    ([address, text]) => [address, new TextEncoder().encode(text)] as const,
  );
  xmlRegisterInputProvider(new XmlBufferInputProvider(Object.fromEntries(contents)));
  try {
    const schema = XmlDocument.fromString(files[entry] ?? '', { url: entry });
    try {
      return XsdValidator.fromDoc(schema);
    } finally {
      schema.dispose();
    }
  } finally {
    // A client's document must find nothing to read.
    xmlCleanupInputProvider();
  }
}
