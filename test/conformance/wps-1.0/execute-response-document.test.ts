import { expect, it } from 'vitest';
import { asynchronous, executeXml, output, responseDocument } from '../../execute-xml.ts';
import { endpoint, serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'execute-response-document',
    clause: 'OGC 05-007r7, 10.3.1',
    title: 'An ExecuteResponse tells service, version, language, instance, process and time',
    status: 'done',
  },
  () => {
    it('an ExecuteResponse has service, version, language and the address of the capabilities', async () => {
      const { post, follow } = serviceUnderTest();
      const { select } = await post(executeXml('fixed'));
      expect(select('/*/@service | /*/@version | /*/@xml:lang')).toEqual(['WPS', '1.0.0', 'en-AU']);
      const [instance] = select('/*/@serviceInstance');
      expect(instance?.startsWith(endpoint.slice(0, -1))).toBe(true);
      expect((await follow(instance)).select('/wps:Capabilities')).toHaveLength(1);
    });

    it('an ExecuteResponse describes the process as the capabilities do', async () => {
      const { post } = serviceUnderTest();
      const form = responseDocument([output('number')]);
      const { select } = await post(executeXml('every:Thing', [], form));
      expect(select('//wps:Process/ows:Identifier')).toEqual(['every:Thing']);
      expect(select('//wps:Process/ows:Title')).toEqual(['Every <thing> & "more"']);
      expect(select('//wps:Process/@wps:processVersion')).toEqual(['1.2.3']);
      expect(select('//wps:Process/ows:Metadata/@xlink:title')).toEqual(['About', 'No link']);
    });

    it('an ExecuteResponse says when it was made, and after the end when the process ended', async () => {
      const { post, follow, engine, store, dependencies } = serviceUnderTest();
      engine.isHeld = true;
      const accepted = await post(executeXml('fixed', [], responseDocument([], asynchronous)));
      expect(accepted.select('//wps:Status/@creationTime')).toEqual(['2026-01-01T00:00:00.000Z']);
      await dependencies.wait(60_000);
      const [location = ''] = accepted.select('//@statusLocation');
      const id = new URL(location).searchParams.get('jobId') ?? '';
      await store.update(id, () => ({ status: 'succeeded' }));
      await dependencies.wait(60_000);
      const ended = await follow(location);
      expect(ended.select('//wps:Status/@creationTime')).toEqual(['2026-01-01T00:01:00.000Z']);
    });
  },
);
