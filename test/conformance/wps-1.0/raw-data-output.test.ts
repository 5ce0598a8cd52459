import { expect, it } from 'vitest';
import { executeXml, literal, rawDataOutput } from '../../execute-xml.ts';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'raw-data-output',
    clause: 'OGC 05-007r7, 10.3.1',
    title:
      'RawDataOutput: one output itself, without a document around it; a failure is an ExecuteResponse',
    status: 'done',
    note: 'A failure has an HTTP status of 400 or 500, so that the document is not taken for the output.',
  },
  () => {
    const { get, post } = serviceUnderTest();

    it.each([
      ['text', '', 'text/plain', 'a < b & c\n'],
      ['text', 'mimeType="application/json"', 'application/json', '{ "a": "<b>" }\n'],
      ['number', '', 'text/plain', '12.5\n'],
      ['flag', '', 'text/plain', 'true\n'],
      ['extent', '', 'text/plain', '114,-33,116,-31\n'],
    ])('raw output of %s is %s', async (identifier, attributes, type, content) => {
      const answer = await post(
        executeXml('every:Thing', [], rawDataOutput(identifier, attributes)),
      );
      expect(answer.status).toBe(200);
      expect(answer.headers['content-type']).toBe(type);
      expect(answer.text).toBe(content);
    });

    it('raw binary output is returned byte for byte, with a name to save it as', async () => {
      const answer = await post(executeXml('every:Thing', [], rawDataOutput('grid')));
      expect([...answer.bytes]).toEqual([1, 255, 0, 67, 68, 70]);
      expect(answer.headers).toMatchObject({
        'content-length': '6',
        'content-disposition': 'attachment; filename="grid.nc"',
      });
    });

    it('raw XML output is returned as the process wrote it, including the declaration', async () => {
      const { text } = await get(
        'service=WPS&version=1.0.0&request=Execute&identifier=every:Thing&RawDataOutput=text@mimeType=text/xml',
      );
      expect(text).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>\n<t:text /);
    });

    it.each([
      ['65', 400, 'InvalidParameterValue'],
      ['1', 500, 'NoApplicableCode'],
    ])(
      'a raw request whose job fails with exit code %s gets an ExecuteResponse',
      async (exitCode, status, code) => {
        const answer = await post(
          executeXml('failing', [literal('exitCode', exitCode)], rawDataOutput('number')),
        );
        expect(answer.status).toBe(status);
        expect(answer.headers['content-type']).toBe('text/xml');
        expect(answer.select('/wps:ExecuteResponse//wps:ProcessFailed//@exceptionCode')).toEqual([
          code,
        ]);
      },
    );

    it('a raw request whose job is dismissed while it waits gets an ExecuteResponse with HTTP status 500', async () => {
      const service = serviceUnderTest();
      service.engine.submit = async ({ jobId }) => {
        await service.store.update(jobId, () => ({ status: 'dismissed' }));
        return { engineJobId: 'e-1' };
      };
      const answer = await service.post(executeXml('every:Thing', [], rawDataOutput('number')));
      expect(answer.status).toBe(500);
      expect(answer.select('/wps:ExecuteResponse//wps:ProcessFailed//ows:ExceptionText')).toEqual([
        'The job was dismissed by the client.',
      ]);
    });

    it('a large raw output is returned as a short-lived link, if the store signs links', async () => {
      const service = serviceUnderTest({ limits: { inlineOutputBytes: 5 } });
      const link = 'https://store.example.org/grid?signature=x';
      service.store.linkOutput = async () => link;
      const answer = await service.post(executeXml('every:Thing', [], rawDataOutput('grid')));
      expect(answer.status).toBe(303);
      expect(answer.headers).toMatchObject({ location: link, 'cache-control': 'no-store' });
    });
  },
);
