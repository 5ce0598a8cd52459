import type { InlineValue } from '../../../batch-jobs/api/job.ts';
import { loadOnce } from '../../../batch-jobs/api/load-once.ts';
import { useBaselineWasm } from '../../baseline-wasm.ts';
import { complexData, type XmlElement } from './build-xml.ts';
import { isXmlText } from './xml-characters.ts';

interface DeclaredFormat {
  readonly mimeType?: string;
  readonly encoding?: string;
  readonly schema?: string;
}

/**
 * Encodes bytes as the content of `wps:ComplexData`: as an element if they are well-formed XML and declared
 * as XML, as characters if XML can contain them, and as base64 otherwise or if base64 is declared.
 */
export async function complexContent(
  format: DeclaredFormat,
  value: InlineValue,
): Promise<XmlElement> {
  const asBase64 = () => complexData({ ...format, encoding: 'base64' }, { text: base64Of(value) });
  if (format.encoding?.toLowerCase() === 'base64') return asBase64();
  if (isXmlType(format.mimeType)) {
    const xml = await inlineXml(value);
    if (xml !== undefined) return complexData(format, { xml });
  }
  if ('base64' in value || !isXmlText(value.text)) return asBase64();
  return complexData(format, { text: value.text.replace(/^\ufeff/, '') });
}

/** Like {@link complexContent}, for the body of a reference, which has no attributes. */
export async function bodyContent(body: {
  readonly text: string;
  readonly mimeType: string;
}): Promise<XmlElement> {
  const xml = isXmlType(body.mimeType) ? await inlineXml(body) : undefined;
  return complexData({}, xml === undefined ? body : { xml });
}

/** XML media types (RFC 7303, clauses 3 and 8.1). */
function isXmlType(mimeType: string | undefined): boolean {
  return /^(text|application)\/xml\b|\+xml\b/i.test(String(mimeType));
}

const loadInlineXml = loadOnce(() => {
  useBaselineWasm();
  return import('./inline-xml.ts');
});

/** Few values are XML, and most responses need no parser. */
async function inlineXml(value: InlineValue): Promise<string | undefined> {
  // Stryker disable next-line ConditionalExpression,LogicalOperator,StringLiteral: the parser would refuse the text
  if ('text' in value && !/^\ufeff?\s*</.test(value.text)) return undefined;
  const { inlineXml } = await loadInlineXml();
  return inlineXml(
    'text' in value ? new TextEncoder().encode(value.text) : Buffer.from(value.base64, 'base64'),
  );
}

function base64Of(value: InlineValue): string {
  return 'base64' in value ? value.base64 : Buffer.from(value.text).toString('base64');
}
