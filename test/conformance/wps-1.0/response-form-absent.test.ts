import { expect, it } from 'vitest';
import { asynchronous, executeXml, responseDocument } from '../../execute-xml.ts';
import { serviceUnderTest } from '../../service-under-test.ts';
import { everything } from '../../test-catalogue.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'response-form-absent',
    clause: 'OGC 05-007r7, 10.2.1, table 39',
    title: 'Without a ResponseForm the response is a document with every output encoded in it',
    status: 'done',
  },
  () => {
    const { get, post, engine, follow } = serviceUnderTest();
    const identifiers = everything.outputs.map(({ identifier }) => identifier);

    it('a request by XML without ResponseForm gets a document with every output', async () => {
      const { select, status } = await post(executeXml('every:Thing'));
      expect(status).toBe(200);
      expect(select('//wps:ProcessOutputs/wps:Output/ows:Identifier')).toEqual(identifiers);
      expect(select('//wps:Output/wps:Data')).toHaveLength(identifiers.length);
      expect(select('/*/@statusLocation')).toEqual([]);
    });

    it('a request by KVP without ResponseForm gets a document with every output', async () => {
      const { select } = await get(
        'service=WPS&version=1.0.0&request=Execute&identifier=every:Thing&ResponseDocument=',
      );
      expect(select('//wps:Output/wps:Data')).toHaveLength(identifiers.length);
    });

    it('without ResponseForm, each output is in its default format', async () => {
      const { select } = await post(executeXml('every:Thing'));
      expect(select('//wps:Output[ows:Identifier="text"]//@mimeType')).toEqual(['text/plain']);
    });

    it('a stored response without named outputs contains every output', async () => {
      const accepted = await post(
        executeXml('every:Thing', [], responseDocument([], asynchronous)),
      );
      await engine.idle();
      const { select } = await follow(accepted.select('//@statusLocation')[0]);
      expect(select('//wps:Output/wps:Data')).toHaveLength(identifiers.length);
    });
  },
);
