import { describe, expect, it } from 'vitest';
import type { ProcessAdvice } from '../../../batch-jobs/api/process-advice.ts';
import type { ProcessDescription } from '../../../batch-jobs/api/process-description.ts';
import { requestLog } from '../../../lambda/jobs/request-log.ts';
import { constraintsOn } from '../../../lambda/operations/constrain.ts';
import type { ExecuteCommand } from '../../../lambda/operations/execute-command.ts';
import { serviceUnderTest } from '../../service-under-test.ts';
import { everything } from '../../test-catalogue.ts';

function constrain(
  advice?: ProcessAdvice,
  asked: Partial<Pick<ExecuteCommand, 'inputs' | 'outputs'>> = {},
) {
  const process: ProcessDescription = {
    ...everything,
    ...(advice ? { advice: async () => advice } : {}),
  };
  const { dependencies, log } = serviceUnderTest({ catalogue: [process] });
  const command = { process: everything.identifier, inputs: [], outputs: [], ...asked };
  const found = constraintsOn(command, { ...dependencies, log: requestLog(dependencies.log) });
  return found.then((constraints) => ({ ...constraints, log }));
}

const choice = (value: string) => ({
  identifier: 'choice',
  data: { kind: 'literal', value } as const,
});

describe('what is possible beside a request', () => {
  it('constraints are those of the description if the process says no more', async () => {
    const { inputs, outputs } = await constrain();
    expect(inputs['choice']).toEqual({ values: ['red', 'green'] });
    expect(inputs['length']).toEqual({
      values: ['-1'],
      ranges: [{ minimum: '0', maximum: '100' }],
    });
    expect(inputs['text']).toBeUndefined();
    expect(outputs['text']?.formats?.length).toBeGreaterThan(0);
  });

  it('constraints of the process narrow the description, and add nothing to it', async () => {
    const { inputs } = await constrain({
      constraints: async () => ({
        inputs: {
          choice: { values: ['red', 'ultraviolet'], text: 'Green is sold out.' },
          length: { values: ['15', '5000'] },
        },
      }),
    });
    expect(inputs['choice']).toEqual({ values: ['red'], text: 'Green is sold out.' });
    expect(inputs['length']).toEqual({ values: ['15'] });
  });

  it('constraints of the process may be ranges, and concern inputs and outputs that the description does not limit', async () => {
    const { inputs, outputs } = await constrain({
      constraints: async () => ({
        inputs: {
          length: { ranges: [{ minimum: '1', maximum: '2' }] },
          text: { values: ['a'] },
          area: { text: 'Only in the sea.' },
        },
        outputs: { number: { text: 'In metres.' }, text: { formats: ['text/xml', 'text/csv'] } },
      }),
    });
    expect(inputs['length']).toEqual({ ranges: [{ minimum: '1', maximum: '2' }] });
    expect(inputs['text']).toEqual({ values: ['a'] });
    expect(inputs['area']).toEqual({ text: 'Only in the sea.' });
    expect(outputs['number']).toEqual({ text: 'In metres.' });
    expect(outputs['text']).toEqual({ formats: ['text/xml'] });
    expect(outputs['grid']).toEqual({ formats: ['application/x-netcdf'] });
  });

  it('constraints may leave nothing', async () => {
    const { inputs, outputs } = await constrain({
      constraints: async () => ({
        inputs: { choice: { values: [] } },
        outputs: { text: { formats: [] } },
      }),
    });
    expect(inputs['choice']).toEqual({ values: [] });
    expect(outputs['text']).toEqual({ formats: [] });
  });

  it('constraints leave nothing of values that the description does not have', async () => {
    const { inputs } = await constrain({
      constraints: async () => ({ inputs: { choice: { values: ['ultraviolet'] } } }),
    });
    expect(inputs['choice']).toEqual({ values: [] });
  });

  it('constraints depend on the given inputs, valid or not, and on the outputs with their formats', async () => {
    const seen: unknown[] = [];
    const first = everything.outputs.find(({ kind }) => kind === 'complex');
    if (first?.kind !== 'complex') throw new Error('there is no complex output');
    await constrain(
      {
        constraints: async (inputs, outputs) => {
          seen.push(inputs['choice'], outputs);
          return {};
        },
      },
      {
        inputs: [choice('ultraviolet')],
        outputs: [
          { identifier: first.identifier },
          { identifier: first.identifier, mimeType: 'text/xml' },
          { identifier: 'number' },
          { identifier: 'unknown' },
        ],
      },
    );
    expect(seen).toStrictEqual([
      ['ultraviolet'],
      [
        { identifier: first.identifier, mimeType: first.formats[0].mimeType },
        { identifier: first.identifier, mimeType: 'text/xml' },
        { identifier: 'number' },
        { identifier: 'unknown' },
      ],
    ]);
  });

  it('constraints are those of the description if the process fails, and the log says why', async () => {
    const { inputs, log } = await constrain({
      constraints: async () => {
        throw new Error('the disk is gone');
      },
    });
    expect(inputs['choice']?.values).toHaveLength(2);
    expect(log.join('')).toContain('the disk is gone');
  });
});
