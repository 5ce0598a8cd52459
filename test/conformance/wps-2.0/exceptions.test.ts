import { expect, it } from 'vitest';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';
import { executeXml, input, output, requestXml } from './requests.ts';

requirement(
  {
    id: 'exceptions',
    clause: '14-065r2, tables 38 to 50',
    title: 'Faults have the exception codes of WPS 2.0',
    status: 'done',
  },
  () => {
    it.each([
      ['NoSuchProcess', 'none', executeXml('none', [], [output('number')])],
      ['NoSuchInput', 'odd', executeXml('fixed', [input('odd', '1')], [output('number')])],
      ['NoSuchOutput', 'odd', executeXml('fixed', [], [output('odd')])],
      ['MissingParameterValue', 'exitCode', executeXml('failing', [], [output('number')])],
      [
        'TooManyInputs',
        'count',
        executeXml('every:Thing', [input('count', '1'), input('count', '2')], [output('number')]),
      ],
      [
        'WrongInputData',
        'count',
        executeXml('every:Thing', [input('count', 'many')], [output('number')]),
      ],
      [
        'NoSuchFormat',
        'text',
        executeXml('every:Thing', [], [output('text', 'mimeType="image/png"')]),
      ],
      [
        'WrongInputData',
        'outer',
        executeXml(
          'fixed',
          [
            '<wps:Input id="outer"><wps:Input id="a"><wps:Data>1</wps:Data></wps:Input></wps:Input>',
          ],
          [output('number')],
        ),
      ],
      ['InvalidParameterValue', 'mode', executeXml('fixed', [], [output('number')], { mode: 'x' })],
      ['MissingParameterValue', 'Output', executeXml('fixed', [], [])],
      ['OperationNotSupported', 'Transact', requestXml('Transact')],
    ])('the exception for %s names %s', async (code, locator, request) => {
      const answer = await serviceUnderTest().post(request);
      expect(answer.exception()).toMatchObject({ code, locator });
      expect(answer.status).toBe(code === 'OperationNotSupported' ? 501 : 400);
    });

    it('Execute by GET is refused', async () => {
      const answer = await serviceUnderTest().get({
        ...{ service: 'WPS', version: '2.0.0', request: 'Execute', Identifier: 'fixed' },
      });
      expect(answer.status).toBe(501);
      expect(answer.exception()).toMatchObject({ code: 'OperationNotSupported' });
    });
  },
);
