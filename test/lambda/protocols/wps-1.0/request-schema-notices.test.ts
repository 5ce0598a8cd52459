import { XmlDocument } from 'libxml2-wasm';
import { beforeAll, expect, it } from 'vitest';
import { compileSchema } from '../../../../lambda/protocols/ows/compile-schema.ts';
import { requestSchema } from '../../../../lambda/protocols/wps-1.0/request-schema.ts';
import { corpusOf, isValid, verdicts } from '../../../conformance/wps-1.0/request-corpus.ts';
import { describeWhere } from '../../../left-out.ts';
import { officialSchemas } from '../../../official-schema-files.ts';

describeWhere([officialSchemas], 'the schema of requests, beside the official ones', () => {
  let corpus: string[];
  let judged: (ReturnType<typeof verdicts> & { readonly xml: string })[];
  // Not while tests are collected, because suites that are left out are collected, too.
  beforeAll(() => {
    corpus = corpusOf(8_000);
    judged = corpus.map((xml) => ({ xml, ...verdicts(xml) }));
  });

  it('the request schema of WPS 1.0.0 judges thousands of valid and faulty requests as the official schemas do', () => {
    expect(judged.filter((document) => document.ours !== document.official)).toEqual([]);
    const taken = judged.filter(({ official }) => official).length;
    expect(taken).toBeGreaterThan(2_000);
    expect(corpus.length - taken).toBeGreaterThan(4_000);
    expect(new Set(corpus).size).toBeGreaterThan(9_000);
  });

  it('the comparison of request schemas would notice any single difference', () => {
    const documents = corpus.map((xml) => XmlDocument.fromString(xml));
    const unnoticed = brokenSchemas().filter(({ files }) => {
      const broken = compileSchema(files, 'wps.xsd');
      try {
        return documents.every(
          (document, index) => isValid(document, broken) === judged[index]?.official,
        );
      } finally {
        broken.dispose();
      }
    });
    for (const document of documents) document.dispose();
    expect(unnoticed.map(({ change }) => change)).toEqual([]);
  });
});

/** Copies of our schema, each with one change, for every possible change. */
function brokenSchemas(): { change: string; files: Record<string, string> }[] {
  const changes: [RegExp, string][] = [
    [/ minOccurs="0"/g, ''],
    [/ maxOccurs="unbounded"/g, ''],
    [/ use="required"/g, ''],
    [/ fixed="[^"]*"/g, ''],
    [/ type="(?!xs:string")[^"]*"/g, ' type="xs:string"'],
    [/<xs:enumeration value="[^"]*"\/>/g, '<xs:enumeration value="broken"/>'],
    [/<xs:pattern [^>]*>/g, ''],
    [/<xs:(?:length|minLength) [^>]*>/g, ''],
    [/<xs:attribute [^>]*\/>/g, ''],
    [/<xs:attributeGroup ref[^>]*\/>/g, ''],
    [/<xs:element [^>]*\/>/g, ''],
  ];
  return Object.entries(requestSchema).flatMap(([name, text]) =>
    changes.flatMap(([pattern, replacement]) =>
      [...text.matchAll(pattern)].flatMap((match) => {
        const changed =
          text.slice(0, match.index) + replacement + text.slice(match.index + match[0].length);
        const line = text.slice(0, match.index).split('\n').length;
        const files = { ...requestSchema, [name]: changed };
        const change = `${name}:${line}: ${match[0].trim()} becomes ${replacement || 'nothing'}`;
        return compiles(files) ? [{ change, files }] : [];
      }),
    ),
  );
}

function compiles(files: Record<string, string>): boolean {
  try {
    compileSchema(files, 'wps.xsd').dispose();
    return true;
  } catch {
    return false;
  }
}
