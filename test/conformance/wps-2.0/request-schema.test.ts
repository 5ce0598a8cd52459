import fc from 'fast-check';
import { XmlDocument, XmlValidateError, type XsdValidator } from 'libxml2-wasm';
import { expect, it } from 'vitest';
import { compileSchema } from '../../../lambda/protocols/ows/compile-schema.ts';
import { requestSchema } from '../../../lambda/protocols/wps-2.0/request-schema.ts';
import { describeWhere } from '../../left-out.ts';
import { type Mutation, mutate, mutation, vocabularyWith } from '../../mutate-document.ts';
import { officialSchemas20 } from '../../official-schema-files.ts';
import { officialSchema } from '../../official-schemas.ts';
import type { Element } from '../../xml-tree.ts';
import { requirement } from '../requirement.ts';
import { serialiseAs20, validRequest } from './request-documents.ts';

const ours = compileSchema(requestSchema, 'wps.xsd');

const vocabulary = vocabularyWith(
  [
    ...['Extension', 'JobID', 'GetStatus', 'GetResult', 'Dismiss', 'Sections', 'Section'],
    ...['AcceptFormats', 'OutputFormat', 'AcceptLanguages', 'Language', 'LiteralValue'],
  ],
  ['2.0.0', 'sync', 'async', 'auto', 'raw', 'document', 'value', 'reference'],
  ['id', 'mode', 'response', 'transmission', 'updateSequence'],
);

function isValid(document: XmlDocument, schema: XsdValidator): boolean {
  try {
    schema.validate(document);
    return true;
  } catch (error) {
    if (error instanceof XmlValidateError) return false;
    throw error;
  }
}

/** Whether our schema and the official ones accept a document. */
function verdicts(xml: string): { ours: boolean; official: boolean } {
  const document = XmlDocument.fromString(xml);
  try {
    return {
      ours: isValid(document, ours),
      official: isValid(document, officialSchema('2.0.0')),
    };
  } finally {
    document.dispose();
  }
}

/** Descriptions that services publish. Our schema does not know them, and they do not belong in data. */
const serviceMetadata = /<(wps:(BoundingBoxData|LiteralData|ComplexData)|ows:GetCapabilities)\b/;

const nearlyValid = fc
  .oneof(
    changed(fc.array(mutation(), { minLength: 1, maxLength: 3 })),
    changed(fc.tuple(mutation('set an attribute', 'drop an attribute'))),
  )
  .map(serialiseAs20)
  .filter((xml) => !serviceMetadata.test(xml));

function changed(mutations: fc.Arbitrary<readonly Mutation[]>): fc.Arbitrary<Element> {
  return fc
    .tuple(validRequest, mutations)
    .map(([request, changes]) =>
      changes.reduce((root, change) => mutate(root, change, vocabulary), request),
    );
}

requirement(
  {
    id: 'request-schema',
    clause: '14-065r2, annex B',
    title: 'Requests are judged as by the official schemas',
    status: 'done',
    note: 'Compared on thousands of documents. Data that is itself a response of a service is accepted as it is.',
  },
  () => {
    describeWhere([officialSchemas20], 'compared with the official schemas', () => {
      it('the request schema of WPS 2.0 accepts what the grammar of the standard generates', () => {
        fc.assert(
          fc.property(validRequest, (request) => {
            const { ours, official } = verdicts(serialiseAs20(request));
            return ours && official;
          }),
          { numRuns: 1_000, seed: 1 },
        );
      });

      it('the request schema of WPS 2.0 judges thousands of faulty requests as the official schemas do', () => {
        const judged = fc
          .sample(nearlyValid, { numRuns: 6_000, seed: 2 })
          .map((xml) => ({ xml, ...verdicts(xml) }));
        expect(judged.filter((document) => document.ours !== document.official)).toEqual([]);
        const wrong = judged.filter(({ official }) => !official).length;
        expect(wrong).toBeGreaterThan(2_000);
        expect(judged.length - wrong).toBeGreaterThan(1_000);
      });
    });
  },
);
