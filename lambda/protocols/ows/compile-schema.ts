import {
  XmlBufferInputProvider,
  XmlDocument,
  XsdValidator,
  xmlCleanupInputProvider,
  xmlRegisterInputProvider,
} from 'libxml2-wasm';

/**
 * A validator of schema documents that import each other; nothing else is read, then or later.
 *
 * @param files by the address they import each other with
 * @param entry address of the one that imports the others
 * @throws when they are no XML Schema
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
    // No document of a client may find anything to read.
    xmlCleanupInputProvider();
  }
}
