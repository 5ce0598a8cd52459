import { expect, it } from 'vitest';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';
import { executeXml, input, output } from './requests.ts';

requirement(
  {
    id: 'synchronous-execute',
    clause: '14-065r2, 9.6',
    title: 'A synchronous Execute answers with the result',
    status: 'done',
  },
  () => {
    it('as a document with each output by value', async () => {
      const { post } = serviceUnderTest();
      const outputs = ['text', 'number', 'extent', 'grid'].map((id) => output(id));
      const answer = await post(executeXml('every:Thing', [], outputs));
      expect(answer.status).toBe(200);
      expect(answer.select('/wps:Result/wps:Output/@id')).toEqual([
        ...['text', 'number', 'extent', 'grid'],
      ]);
      expect(answer.select('//wps:Output[@id="number"]//wps:LiteralValue/@uom')).toEqual(['m']);
      expect(answer.select('//wps:Output[@id="extent"]//ows:LowerCorner')).toHaveLength(1);
      expect(answer.select('//wps:Output[@id="grid"]/wps:Data/@encoding')).toEqual(['base64']);
    });

    it('by reference where that is asked for, and the reference leads to the output', async () => {
      const { post, follow } = serviceUnderTest();
      const answer = await post(
        executeXml('every:Thing', [], [output('text', 'transmission="reference"')]),
      );
      const [href] = answer.select('//wps:Reference/@xlink:href');
      expect((await follow(href)).status).toBe(200);
    });

    it('as XML within the document where the output is XML', async () => {
      const answer = await serviceUnderTest().post(
        executeXml('every:Thing', [], [output('text', 'mimeType="text/xml"')]),
      );
      expect(answer.select('//wps:Output/wps:Data/*')).toHaveLength(1);
      expect(answer.select('//wps:Output/wps:Data/@schema')).toEqual([
        'https://example.org/text.xsd',
      ]);
    });

    it('as the one output itself for response="raw"', async () => {
      const answer = await serviceUnderTest().post(
        executeXml('fixed', [], [output('number')], { response: 'raw' }),
      );
      expect(answer.headers['content-type']).toMatch(/^text\/plain/);
      expect(Number(answer.text)).not.toBeNaN();
    });

    it('refuses several raw outputs', async () => {
      const outputs = [output('text'), output('number')];
      const answer = await serviceUnderTest().post(
        executeXml('every:Thing', [], outputs, { response: 'raw' }),
      );
      expect(answer.status).toBe(400);
      expect(answer.exception()).toMatchObject({
        code: 'InvalidParameterValue',
        locator: 'response',
      });
    });

    it('tells of a job that failed by an exception', async () => {
      const answer = await serviceUnderTest().post(
        executeXml(
          'failing',
          [input('exitCode', '64'), input('message', 'Bad')],
          [output('number')],
        ),
      );
      expect(answer.status).toBe(400);
      expect(answer.exception()).toMatchObject({ code: 'WrongInputData', text: 'Bad' });
    });
  },
);
