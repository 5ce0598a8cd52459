import fc from 'fast-check';
import { XmlDocument, XmlValidateError, type XsdValidator } from 'libxml2-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { compileSchema } from '../../../lambda/protocols/ows/compile-schema.ts';
import { requestSchema } from '../../../lambda/protocols/wps-1.0/request-schema.ts';
import { complex, executeXml, requestXml } from '../../execute-xml.ts';
import { describeWhere } from '../../left-out.ts';
import { type Mutation, mutate, mutation, values } from '../../mutate-document.ts';
import { officialSchemas } from '../../official-schema-files.ts';
import { officialSchema } from '../../official-schemas.ts';
import { laxValues, requestWithData, validRequest } from '../../request-documents.ts';
import { type Element, element, foreign, ows, serialise } from '../../xml-tree.ts';
import { requirement } from '../requirement.ts';

const ours = compileSchema(requestSchema, 'wps.xsd');

function isValid(document: XmlDocument, schema: XsdValidator): boolean {
  try {
    schema.validate(document);
    return true;
  } catch (error) {
    if (error instanceof XmlValidateError) return false;
    throw error;
  }
}

/** Whether our schema and the official ones take a document. */
function verdicts(xml: string): { ours: boolean; official: boolean } {
  const document = XmlDocument.fromString(xml);
  try {
    return { ours: isValid(document, ours), official: isValid(document, officialSchema()) };
  } finally {
    document.dispose();
  }
}

/** Requests of which most are wrong somewhere; there are more attributes than anything else. */
const nearlyValid = fc
  .oneof(
    changed(fc.array(mutation(), { minLength: 1, maxLength: 3 })),
    changed(fc.tuple(mutation('set an attribute', 'drop an attribute'))),
  )
  .filter((request) => !holdsServiceMetadata(request));

/** Requests with data in which every attribute that a schema knows has every value. */
const withKnownAttributes = values.flatMap((value) => [
  ...laxValues.map(([namespace, name]) =>
    element(foreign, 'data', [{ namespace, name, value }], []),
  ),
  ...['crs', 'dimensions'].map((name) =>
    element(
      ows,
      'WGS84BoundingBox',
      [{ namespace: '', name, value }],
      ['LowerCorner', 'UpperCorner'].map((corner) => element(ows, corner, [], ['1 2'])),
    ),
  ),
]);

/** A request with one attribute changed, for each attribute and each of some values. */
function withEachAttributeWrong(root: Element): Element[] {
  const own = root.attributes.flatMap((attribute, at) =>
    ['', 'http://[', 'maybe', '-1', 'text', 'a:b'].map((value) => ({
      ...root,
      attributes: root.attributes.with(at, { ...attribute, value }),
    })),
  );
  const below = root.children.flatMap((child, at) =>
    typeof child === 'object' && 'children' in child
      ? withEachAttributeWrong(child).map((wrong) => ({
          ...root,
          children: root.children.with(at, wrong),
        }))
      : [],
  );
  return [...own, ...below].filter((request) => !holdsServiceMetadata(request));
}

function changed(mutations: fc.Arbitrary<readonly Mutation[]>): fc.Arbitrary<Element> {
  return fc
    .tuple(validRequest, mutations)
    .map(([request, changes]) => changes.reduce((root, change) => mutate(root, change), request));
}

/** Elements of OWS Common that no request holds; see the last test. */
function holdsServiceMetadata({ namespace, name, children }: Element): boolean {
  if (namespace === ows && ['GetCapabilities', 'Reference'].includes(name)) return true;
  return children.some(
    (child) => typeof child === 'object' && 'children' in child && holdsServiceMetadata(child),
  );
}

requirement(
  {
    id: 'request-schema',
    clause: 'OGC 05-007r7, 8.2.2, 9.2.3, 10.2.3',
    title: 'XML requests are judged as the official schemas judge them',
    status: 'done',
    note: 'Compared on thousands of documents. Complex data that is itself a response of a service is taken as it is.',
  },
  () => {
    describeWhere([officialSchemas], 'compared with the official schemas', () => {
      it('takes what the grammar of the standard makes', () => {
        fc.assert(
          fc.property(validRequest, (request) => {
            expect(verdicts(serialise(request))).toEqual({ ours: true, official: true });
          }),
          { numRuns: 1_000, seed: 1 },
        );
      });

      describe('of requests that are wrong somewhere', () => {
        let corpus: string[];
        let judged: (ReturnType<typeof verdicts> & { readonly xml: string })[];
        // Not while tests are collected: a suite that is left out is collected, too.
        beforeAll(() => {
          corpus = mixed([
            ...fc.sample(nearlyValid, { numRuns: 8_000, seed: 2 }),
            ...fc.sample(validRequest, { numRuns: 60, seed: 4 }).flatMap(withEachAttributeWrong),
            ...withKnownAttributes.map((data) => requestWithData([data])),
          ]).map(serialise);
          judged = corpus.map((xml) => ({ xml, ...verdicts(xml) }));
        }, 120_000);

        it('judges each as they do', () => {
          const disagreements = judged.filter((document) => document.ours !== document.official);
          // Shrinks what it finds; the corpus is the same.
          if (disagreements.length > 0) {
            fc.assert(
              fc.property(nearlyValid, (request) => {
                const xml = serialise(request);
                const verdict = verdicts(xml);
                expect(verdict.ours, xml).toBe(verdict.official);
              }),
              { numRuns: 8_000, seed: 2 },
            );
          }
          expect(disagreements).toEqual([]);
        });

        it('judges thousands to be wrong, and as many right as wrong ones have to be told from', () => {
          const taken = judged.filter(({ official }) => official).length;
          expect(taken).toBeGreaterThan(2_000);
          expect(corpus.length - taken).toBeGreaterThan(4_000);
          expect(new Set(corpus).size).toBeGreaterThan(9_000);
        });

        it('would notice any one thing that our schema had wrong', () => {
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

      it('takes the same MIME types, though by a pattern that needs no backtracking', () => {
        const characters = fc.constantFrom('a', ';', '=', ' ', '\t', '\n', '\r', '/');
        const mimeType = fc
          .string({ unit: characters, maxLength: 14 })
          .map((text) => `text/${text}`.replaceAll(/[\t\n\r]/g, (c) => `&#${c.charCodeAt(0)};`));
        let taken = 0;
        fc.assert(
          fc.property(mimeType, (text) => {
            const verdict = verdicts(executeXml('a', [complex('b', '', `mimeType="${text}"`)]));
            expect(verdict.ours, text).toBe(verdict.official);
            taken += Number(verdict.ours);
          }),
          { numRuns: 4_000, seed: 3 },
        );
        expect(taken).toBeGreaterThan(500);
      });

      it('loads nothing that a document names', () => {
        const location =
          'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.opengis.net/wps/1.0.0 file:///nowhere/wps.xsd urn:x file:///nowhere/x.xsd" xsi:noNamespaceSchemaLocation="file:///nowhere/y.xsd"';
        const content = `<a xmlns="urn:x" ${location}/><b ${location}/>`;
        for (const xml of [
          requestXml('GetCapabilities', '', location),
          executeXml('a', [complex('b', content)], '', location),
        ]) {
          expect(verdicts(xml)).toEqual({ ours: true, official: true });
        }
      });

      it('does not judge responses of services that are given as data', () => {
        const wrong = complex('document', '<wps:ExecuteResponse/>');
        expect(verdicts(executeXml('a', [wrong]))).toEqual({ ours: true, official: false });
      });
    });
  },
);

/** In another order, always the same: whatever is broken shows soon. */
function mixed<T>(list: readonly T[]): T[] {
  // Steps of a prime reach every place.
  return list.map((_, index) => list[(index * 7919) % list.length] as T);
}

/** Our schema with one thing changed, for each thing that can be. */
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
