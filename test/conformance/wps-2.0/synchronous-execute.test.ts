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
    it('a synchronous Execute returns a document with each output by value', async () => {
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

    it('an output requested by reference is referred to, and the reference leads to the output', async () => {
      const { post, follow } = serviceUnderTest();
      const answer = await post(
        executeXml('every:Thing', [], [output('text', 'transmission="reference"')]),
      );
      const [href] = answer.select('//wps:Reference/@xlink:href');
      expect((await follow(href)).status).toBe(200);
    });

    it('an XML output is XML within the document', async () => {
      const answer = await serviceUnderTest().post(
        executeXml('every:Thing', [], [output('text', 'mimeType="text/xml"')]),
      );
      expect(answer.select('//wps:Output/wps:Data/*')).toHaveLength(1);
      expect(answer.select('//wps:Output/wps:Data/@schema')).toEqual([
        'https://example.org/text.xsd',
      ]);
    });

    it('a synchronous Execute with response="raw" returns the output itself', async () => {
      const answer = await serviceUnderTest().post(
        executeXml('fixed', [], [output('number')], { response: 'raw' }),
      );
      expect(answer.headers['content-type']).toMatch(/^text\/plain/);
      expect(Number(answer.text)).not.toBeNaN();
    });

    it('several raw outputs are refused', async () => {
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

    it('a synchronous Execute of a failing job returns an exception', async () => {
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
