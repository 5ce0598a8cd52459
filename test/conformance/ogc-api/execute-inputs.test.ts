import { expect, it } from 'vitest';
import type { JsonValue } from '../../../batch-jobs/api/job.ts';
import { requirement } from '../requirement.ts';
import { apiUnderTest } from './api-under-test.ts';
import { crs84, echoRequest, testString } from './echo-requests.ts';

requirement(
  {
    id: 'execute-inputs',
    clause: 'OGC 18-062r2, 7.11.2.2',
    title:
      'Inputs are values, qualified values, arrays, bounding boxes, base64 or references, checked against their schemas before a job exists',
    status: 'done',
    note: 'An object is taken as it is, too, where the input is JSON: many clients know no qualified values.',
  },
  () => {
    async function echoed(inputs: Record<string, JsonValue>) {
      const api = apiUnderTest({ limits: { referenceHosts: ['example.org'] } });
      const answer = await api.execute(
        'echo-inputs',
        await echoRequest(api, { inputs, response: 'document' }),
      );
      expect(answer.status, answer.text).toBe(200);
      return answer.json();
    }

    it('testJobCreationInputs and testJobCreationInputInline: a string input comes back', async () => {
      expect(await echoed({ stringInput: testString })).toMatchObject({ stringInput: testString });
    });

    it('testJobCreationInputInlineObject: an object is accepted, as a qualified value or as its schema describes it', async () => {
      expect(await echoed({ objectInput: { value: testString } })).toMatchObject({
        objectInput: testString,
      });
      expect(await echoed({ objectInput: { value: { a: [1.5, null] } } })).toMatchObject({
        objectInput: { value: { a: [1.5, null] }, mediaType: 'application/json' },
      });
      expect(await echoed({ objectInput: { a: 1 } })).toMatchObject({
        objectInput: { value: { a: 1 } },
      });
    });

    it('testJobCreationInputInlineMixed: inputs of several kinds are accepted together', async () => {
      const results = await echoed({
        stringInput: 'a',
        objectInput: { value: { b: 1 } },
        pause: 0,
      });
      expect(results).toMatchObject({
        stringInput: 'a',
        objectInput: { value: { b: 1 } },
        pause: 0,
      });
    });

    it('testJobCreationInputArray: an array is accepted', async () => {
      expect(await echoed({ arrayInput: [1, 2, 3] })).toMatchObject({ arrayInput: [1, 2, 3] });
      expect(await echoed({ arrayInput: { value: [4] } })).toMatchObject({ arrayInput: [4] });
    });

    it('testJobCreationInputInlineBbox: a bounding box is accepted', async () => {
      const bbox = [51.9, 7, 52, 7.1];
      expect(await echoed({ boundingBoxInput: { bbox, crs: crs84 } })).toMatchObject({
        boundingBoxInput: { bbox, crs: crs84 },
      });
    });

    it('testJobCreationInputInlineBinary: binary data is accepted as base64', async () => {
      const value = Buffer.from([0, 255, 13, 10, 0]).toString('base64');
      const format = { mediaType: 'image/tiff; application=geotiff', encoding: 'base64' };
      const binaryInput = { value, ...format };
      expect(await echoed({ binaryInput: { value, format } })).toMatchObject({ binaryInput });
      expect(await echoed({ binaryInput })).toMatchObject({ binaryInput });
      expect(await echoed({ binaryInput: value })).toMatchObject({ binaryInput });
    });

    it('testJobCreationInputRef: a reference is fetched from an allowed host', async () => {
      const href = 'https://example.org/a.tiff';
      const { binaryInput } = await echoed({
        binaryInput: { href, format: { mediaType: 'image/tiff; application=geotiff' } },
      });
      // In the service under test, the content behind a URL is the URL itself.
      expect(Buffer.from(binaryInput.value, 'base64').toString()).toBe(href);
      const answer = await apiUnderTest().execute('echo-inputs', {
        inputs: { stringInput: 'a', binaryInput: { href } },
      });
      expect(answer.status).toBe(400);
      expect(answer.json()['invalid-params']).toMatchObject([{ name: 'binaryInput' }]);
    });

    it('testJobCreationInputValidation: an invalid value is refused by the name of its input', async () => {
      const wrong: [string, JsonValue][] = [
        ['binaryInput', { type: 'wrong/type' }],
        ['binaryInput', { value: 'not base64!' }],
        ['binaryInput', { value: 'AAAA', mediaType: 'image/png' }],
        ['stringInput', 5],
        ['stringInput', null],
        ['objectInput', { value: [1] }],
        ['arrayInput', ['a']],
        ['arrayInput', { value: { a: 1 } }],
        ['boundingBoxInput', { bbox: [1, 2, 3] }],
        ['boundingBoxInput', { bbox: [1, 2, 3, 4], crs: 'http://example.org/crs' }],
        ['pause', '5'],
        ['pause', 61],
        ['pause', [1, 2]],
        ['nothing', 'a'],
      ];
      for (const [name, value] of wrong) {
        const api = apiUnderTest({ limits: { referenceHosts: ['example.org'] } });
        const answer = await api.execute(
          'echo-inputs',
          { inputs: { stringInput: 'a', [name]: value } },
          { accept: 'application/json' },
        );
        expect(answer.status, `${name}: ${JSON.stringify(value)}`).toBe(400);
        expect(answer.headers['content-type']).toBe('application/json');
        expect(answer.json()['invalid-params']).toEqual(
          expect.arrayContaining([expect.objectContaining({ name })]),
        );
        expect((await api.read('jobs')).json().jobs).toEqual([]);
      }
    });

    it('testJobResultsFailed: a request without its inputs is refused by the name of the missing input', async () => {
      const answer = await apiUnderTest().execute('echo-inputs', {
        'invalid-execute-request': 'true',
      });
      expect(answer.status).toBe(400);
      expect(answer.json()).toMatchObject({
        type: expect.stringMatching(/MissingParameterValue$/),
        'invalid-params': [{ name: 'stringInput' }],
      });
    });

    it('an execute request with several faults gets all of them in one answer', async () => {
      const answer = await apiUnderTest().execute('echo-inputs', {
        inputs: { stringInput: 5, pause: 'x', boundingBoxInput: 'y' },
      });
      expect(
        answer
          .json()
          ['invalid-params'].map(({ name }: { name: string }) => name)
          .sort(),
      ).toEqual(['boundingBoxInput', 'pause', 'stringInput']);
    });

    it('an input that may be repeated accepts one value or an array', async () => {
      const given = async (text: JsonValue) => {
        const { execute } = apiUnderTest();
        const answer = await execute('every:Thing', {
          inputs: { text },
          outputs: { inputs: {} },
        });
        return answer.status === 200 ? answer.json().text : answer.status;
      };
      const [a, b] = ['a', 'b'].map((value) => ({ kind: 'literal', value, dataType: 'string' }));
      expect(await given('a')).toEqual([a]);
      expect(await given(['a'])).toEqual([a]);
      expect(await given(['a', 'b'])).toEqual([a, b]);
      expect(await given(['a', 'b', 'c'])).toBe(400);
    });
  },
);
