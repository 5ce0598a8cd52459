/** Characters that no XML 1.0 document can contain, not even as a reference (its production 2, `Char`). */
const notXml = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
const everyNotXml = new RegExp(notXml, 'gu');

/** Whether an XML document can contain the text. */
export function isXmlText(text: string): boolean {
  return !notXml.test(text);
}

/** Replaces each character that XML cannot contain with the replacement character. */
export function asXmlText(text: string): string {
  return text.replaceAll(everyNotXml, '\ufffd');
}
