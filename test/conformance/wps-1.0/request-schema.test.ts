import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { complex, executeXml, requestXml } from '../../execute-xml.ts';
import { describeWhere } from '../../left-out.ts';
import { officialSchemas } from '../../official-schema-files.ts';
import { validRequest } from '../../request-documents.ts';
import { serialise } from '../../xml-tree.ts';
import { requirement } from '../requirement.ts';
import { corpusOf, verdicts } from './request-corpus.ts';

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
      it('the request schema accepts what the grammar of the standard generates', () => {
        fc.assert(
          fc.property(validRequest, (request) => {
            const { ours, official } = verdicts(serialise(request));
            return ours && official;
          }),
          { numRuns: 1_000, seed: 1 },
        );
      });

      describe('of requests that are wrong somewhere', () => {
        let corpus: string[];
        let judged: (ReturnType<typeof verdicts> & { readonly xml: string })[];
        // Not while tests are collected, because suites that are left out are collected, too.
        beforeAll(() => {
          // As many as there is time for. A separate suite draws four times as many
          // (request-schema-notices.test.ts).
          corpus = corpusOf(2_000);
          judged = corpus.map((xml) => ({ xml, ...verdicts(xml) }));
        });

        it('the request schema judges each faulty request as the official schemas do', () => {
          const disagreements = judged.filter((document) => document.ours !== document.official);
          expect(disagreements).toEqual([]);
        });

        it('enough of the generated requests are valid and enough are faulty for the comparison', () => {
          const taken = judged.filter(({ official }) => official).length;
          expect(taken).toBeGreaterThan(500);
          expect(corpus.length - taken).toBeGreaterThan(1_000);
          expect(new Set(corpus).size).toBeGreaterThan(2_250);
        });
      });

      it('the request schema accepts the same MIME types as the official one, without a backtracking pattern', () => {
        const characters = fc.constantFrom('a', ';', '=', ' ', '\t', '\n', '\r', '/');
        const mimeType = fc
          .string({ unit: characters, maxLength: 14 })
          .map((text) => `text/${text}`.replaceAll(/[\t\n\r]/g, (c) => `&#${c.charCodeAt(0)};`));
        let taken = 0;
        fc.assert(
          fc.property(mimeType, (text) => {
            const verdict = verdicts(executeXml('a', [complex('b', '', `mimeType="${text}"`)]));
            taken += Number(verdict.ours);
            return verdict.ours === verdict.official;
          }),
          { numRuns: 4_000, seed: 3 },
        );
        expect(taken).toBeGreaterThan(500);
      });

      it('validating a request loads nothing that the document names', () => {
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

      it('responses of services that are given as data are not validated', () => {
        const wrong = complex('document', '<wps:ExecuteResponse/>');
        expect(verdicts(executeXml('a', [wrong]))).toEqual({ ours: true, official: false });
      });
    });
  },
);
