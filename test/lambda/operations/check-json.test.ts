import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { JsonSchema } from '../../../batch-jobs/api/json-schema.ts';
import type { ProcessDescription } from '../../../batch-jobs/api/process-description.ts';
import { jsonCheck } from '../../../lambda/operations/check-json.ts';
import { jsonCheckFor } from '../../../lambda/operations/json-check.ts';
import { faultOf } from '../../only-service-faults.ts';

/** Far more time than any of these checks takes, except those that would not end. */
const plenty = 60_000;

/** Replaces the processor time that the process has used, in milliseconds, for one test. */
function processorTime(used: () => number): void {
  const spy = vi.spyOn(process, 'cpuUsage').mockImplementation(() => {
    const microseconds = used() * 1000;
    return { user: 0.4 * microseconds, system: 0.6 * microseconds };
  });
  onTestFinished(() => void spy.mockRestore());
}

describe('JSON against the schema of its input', () => {
  const array: JsonSchema = { type: 'array', items: { type: 'integer' } };

  it('JSON that does not fit the schema of its input is refused with the place', () => {
    const check = jsonCheck(plenty);
    expect(() => check('grid', array, '[1, 2]')).not.toThrow();
    const fault = faultOf(() => check('grid', array, '[1, "2"]'));
    expect(fault).toMatchObject({ kind: 'invalid-value', subject: 'grid' });
    expect(fault.message).toContain('at #/1:');
    const most: JsonSchema = { type: 'number', maximum: 1.5 };
    expect(faultOf(() => check('most', most, '2')).message).toContain('1.5; allowed:');
    expect(faultOf(() => check('grid', array, '[1')).message).toContain('not well-formed JSON');
  });

  it('a JSON check that would never end refuses the input, and the process continues', () => {
    // Each further letter doubles the time that this pattern takes.
    const schema: JsonSchema = { type: 'string', pattern: '^(a+)+$' };
    const fault = faultOf(() =>
      jsonCheck(50)('text', schema, JSON.stringify(`${'a'.repeat(99)}!`)),
    );
    expect(fault).toMatchObject({ kind: 'too-large', subject: 'text' });
    expect(fault.message).toContain('takes too long to check against its schema');
  });

  it('JSON checks of one request share their time', () => {
    const check = jsonCheck(50);
    const schema: JsonSchema = { type: 'string', pattern: '^(a+)+$' };
    faultOf(() => check('text', schema, JSON.stringify(`${'a'.repeat(99)}!`)));
    // The value is valid, but there is no time left to check it.
    expect(faultOf(() => check('grid', array, '[]'))).toMatchObject({ kind: 'too-large' });
  });

  it('JSON checks of one request share their time even if each is short', () => {
    const check = jsonCheck(50);
    let milliseconds = 0;
    processorTime(() => {
      milliseconds += 6;
      return milliseconds;
    });
    for (let time = 0; time < 3; time++) check('grid', array, '[]');
    expect(faultOf(() => check('grid', array, '[]'))).toMatchObject({ kind: 'too-large' });
  });

  it('a JSON check that gets no processor time is started again and again with twice the time, and then refused', () => {
    processorTime(() => 0);
    let starts = 0;
    const schema = {
      ...array,
      toJSON: () => {
        starts += 1;
        for (;;);
      },
    };
    const begun = performance.now();
    const fault = faultOf(() => jsonCheck(2)('grid', schema, '[]'));
    expect(fault).toMatchObject({ kind: 'too-large' });
    // 2, 4, 8, 16 and 32 milliseconds; clocks differ by a little.
    expect(performance.now() - begun).toBeGreaterThan(58);
    expect(starts).toBeLessThan(6);
  });

  it.each([
    ['got no processor time', 0, undefined],
    ['used its processor time', 50, 'too-large'],
  ])('a JSON check that was interrupted and %s is repeated, or refused', (_, used, kind) => {
    let milliseconds = 0;
    processorTime(() => milliseconds);
    let starts = 0;
    const schema = {
      ...array,
      toJSON: () => {
        starts += 1;
        const end = performance.now() + 100;
        while (starts === 1 && performance.now() < end) milliseconds = used;
        return array;
      },
    };
    const check = () => jsonCheck(50)('grid', schema, '[]');
    if (kind) expect(faultOf(check)).toMatchObject({ kind });
    else expect(check).not.toThrow();
    expect(starts).toBe(kind ? 1 : 2);
  });

  it.each([new TypeError('a fault of the program'), 'a text', undefined, null])(
    'a JSON check that fails for another reason fails with that: %s',
    (reason) => {
      const toJSON = () => {
        throw reason;
      };
      let thrown: unknown = 'nothing';
      try {
        const schema = { ...array, toJSON };
        jsonCheck(plenty)('grid', schema, '[]');
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toBe(reason);
    },
  );

  it('JSON that is nested too deeply to check is refused with that reason', () => {
    const nested: JsonSchema = {
      anyOf: [{ type: 'integer' }, { type: 'array', items: { $ref: '#' } }],
    };
    const text = `${'['.repeat(100_000)}1${']'.repeat(100_000)}`;
    const fault = faultOf(() => jsonCheck(plenty)('grid', nested, text));
    expect(fault).toMatchObject({ kind: 'invalid-value', subject: 'grid' });
    expect(fault.message).toContain('nested too deeply');
  });
});

describe('a request', () => {
  const format = { mimeType: 'application/json', extension: '.json' };
  const process: ProcessDescription = {
    identifier: 'p',
    title: 'P',
    version: '1',
    inputs: (['checked', 'plain'] as const).map((identifier) => ({
      kind: 'complex',
      identifier,
      title: identifier,
      minOccurs: 0,
      maxOccurs: 1,
      maximumMegabytes: 1,
      formats: [identifier === 'checked' ? { ...format, jsonSchema: { type: 'object' } } : format],
    })),
    outputs: [{ kind: 'literal', identifier: 'o', title: 'O', dataType: 'string' }],
    job: {
      image: 'p',
      command: ['true'],
      queue: 'small',
      vcpus: 1,
      memoryMiB: 512,
      scratchGiB: 1,
      timeoutSeconds: 60,
      attempts: 1,
    },
  };
  const value = { kind: 'complex', content: { text: '{}' } } as const;
  const reference = {
    kind: 'reference',
    href: 'https://example.org/',
    method: 'GET',
    headers: [],
  } as const;

  it('the JSON validator is loaded only for an input with a schema', async () => {
    const needs = async (identifier: string, data: typeof value | typeof reference) =>
      (await jsonCheckFor(process, [{ identifier, data }])) !== undefined;
    expect(await needs('checked', value)).toBe(true);
    expect(await needs('plain', value)).toBe(false);
    expect(await needs('unknown', value)).toBe(false);
    expect(await needs('checked', reference)).toBe(false);
    expect(await jsonCheckFor(process, [])).toBeUndefined();
  });

  it('the JSON checks of a request have 300 milliseconds of the processor together', async () => {
    const check = await jsonCheckFor(process, [{ identifier: 'checked', data: value }]);
    let milliseconds = 0;
    processorTime(() => milliseconds);
    const taking = (used: number): JsonSchema & { toJSON(): JsonSchema } => ({
      type: 'object',
      toJSON: () => {
        milliseconds += used;
        return { type: 'object' };
      },
    });
    const checking = (used: number) => () => check?.('checked', taking(used), '{}');
    expect(checking(150)).not.toThrow();
    expect(checking(100)).not.toThrow();
    expect(checking(50)).not.toThrow();
    expect(faultOf(checking(1))).toMatchObject({ kind: 'too-large' });
  });

  it('a JSON check of a request ends, whatever its schema', async () => {
    const check = await jsonCheckFor(process, [{ identifier: 'checked', data: value }]);
    const schema: JsonSchema = { type: 'string', pattern: '^(a+)+$' };
    const text = JSON.stringify(`${'a'.repeat(99)}!`);
    expect(faultOf(() => check?.('checked', schema, text))).toMatchObject({ kind: 'too-large' });
  });
});
