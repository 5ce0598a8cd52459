import { describe, expect, it } from 'vitest';
import type { ProcessAdvice } from '../../../batch-jobs/api/process-advice.ts';
import type {
  LiteralInputs,
  ProcessDescription,
} from '../../../batch-jobs/api/process-description.ts';
import { requestLog } from '../../../lambda/jobs/request-log.ts';
import { adviseOn, overviewOf, suggestValues } from '../../../lambda/operations/advise.ts';
import { constraintsOn } from '../../../lambda/operations/constrain.ts';
import type { Dependencies } from '../../../lambda/operations/dependencies.ts';
import type { ExecuteInput } from '../../../lambda/operations/execute-command.ts';
import { sampleJob } from '../../sample-job.ts';
import { serviceUnderTest } from '../../service-under-test.ts';
import { everything } from '../../test-catalogue.ts';

function dependencies(
  advice: ProcessAdvice | undefined,
  variables: Record<string, string> = {},
  job: Partial<ProcessDescription['job']> = {},
): { dependencies: Dependencies; process: ProcessDescription; log: readonly string[] } {
  const process: ProcessDescription = {
    ...everything,
    job: { ...everything.job, variables: ['LAYERS'], ...job },
    ...(advice ? { advice: async () => advice } : {}),
  };
  const service = serviceUnderTest({ catalogue: [process] });
  return {
    process,
    log: service.log,
    dependencies: {
      ...service.dependencies,
      processVariables: variables,
      log: requestLog(service.dependencies.log),
    },
  };
}

const literal = (identifier: string, value: string): ExecuteInput => ({
  identifier,
  data: { kind: 'literal', value },
});

const command = (...inputs: ExecuteInput[]) => ({
  process: everything.identifier,
  inputs,
  outputs: [],
});

describe('advice on a request', () => {
  it('an estimate has every fault of the inputs, and those that the process finds, each once', async () => {
    const same = { input: 'count', text: 'the process says so' };
    const { dependencies: given } = dependencies({
      estimate: async () => ({ faults: [same, same] }),
    });
    const { faults, queue } = await adviseOn(
      command(literal('length', '999'), literal('day', 'no day')),
      given,
    );
    expect(faults.map(({ subject }) => subject)).toEqual(['length', 'day', 'count']);
    expect(queue).toBeUndefined();
  });

  it('an estimate of a valid request has the size from the process, and the queue', async () => {
    const { dependencies: given } = dependencies({
      estimate: async ({ length }) => ({ faults: [], files: Number(length?.[0]) }),
    });
    // The default of an omitted input counts.
    expect(await adviseOn(command(), given)).toEqual({
      faults: [],
      estimate: { files: 10 },
      queue: 'small',
    });
  });

  it('an estimate names an input whose URL of this service is no output', async () => {
    const { dependencies: given } = dependencies(undefined);
    const href = `${given.configuration.baseUrl}wps/outputs/no-job/a.txt`;
    const data = { kind: 'reference', href, method: 'GET', headers: [] } as const;
    const advice = await adviseOn(command({ identifier: 'document', data }), given);
    expect(advice).toEqual({
      faults: [
        {
          kind: 'invalid-value',
          subject: 'document',
          text: 'Input "document" cannot be read from the output that it names: There is no such job.',
        },
      ],
    });
  });

  it("an estimate has the faults that the process's check finds in valid inputs", async () => {
    let checks = 0;
    const check = () => {
      checks++;
      return [{ input: 'text', text: 'no run could answer' }];
    };
    const { dependencies: given } = dependencies(undefined, {}, { check });
    expect((await adviseOn(command(literal('length', '999')), given)).faults).toHaveLength(1);
    expect(checks).toBe(0);
    expect(await adviseOn(command(), given)).toEqual({
      faults: [{ kind: 'invalid-value', subject: 'text', text: 'no run could answer' }],
    });
  });

  it('an estimate has the faults that the check of its process finds in its outputs', async () => {
    const check = (_: LiteralInputs, outputs: readonly { readonly identifier: string }[]) =>
      outputs.map(({ identifier }) => ({ input: 'text', text: `not with ${identifier}` }));
    const { dependencies: given } = dependencies(undefined, {}, { check });
    const outputs = [{ identifier: 'flag' }];
    expect((await adviseOn({ ...command(), outputs }, given)).faults).toMatchObject([
      { subject: 'text', text: 'not with flag' },
    ]);
    const unknown = [{ identifier: 'depth' }];
    const { faults, queue } = await adviseOn({ ...command(), outputs: unknown }, given);
    expect(faults).toMatchObject([{ kind: 'unknown-output', subject: 'depth' }]);
    expect(queue).toBeUndefined();
  });

  it('an estimate has each fault of an input, and each once', async () => {
    const faults = [
      { input: 'count', text: 'too many' },
      { input: 'count', text: 'too odd' },
      { input: 'length', text: 'too odd' },
      { input: 'count', text: 'too odd' },
      { text: 'too odd' },
    ];
    const { dependencies: given } = dependencies({ estimate: async () => ({ faults }) });
    const advice = await adviseOn(command(), given);
    const kind = 'invalid-value';
    expect(advice.faults).toStrictEqual([
      { kind, subject: 'count', text: 'too many' },
      { kind, subject: 'count', text: 'too odd' },
      { kind, subject: 'length', text: 'too odd' },
      { kind, text: 'too odd' },
    ]);
  });

  it.each([
    ['may go to its domain', ['example.org'], []],
    ['may not go to its domain', ['example.com'], ['text']],
    ['is not sent here', undefined, []],
  ])('an estimate knows whether mail to a recipient %s', async (_, domains, subjects) => {
    const { dependencies: given, process } = dependencies(undefined);
    const inputs = process.inputs.map((input) =>
      input.kind === 'literal' && input.identifier === 'text'
        ? { ...input, mail: 'recipients' as const }
        : input,
    );
    const quiet = async () => undefined;
    const advice = await adviseOn(command(literal('text', 'ada@example.org')), {
      ...given,
      catalogue: [{ ...process, inputs }],
      ...(domains ? { mail: { domains, keep: quiet, forget: quiet } } : {}),
    });
    expect(advice.faults.map(({ subject }) => subject)).toEqual(subjects);
  });

  it('an estimate lacks the past durations if they cannot be read, and the log says why', async () => {
    const { dependencies: given, log } = dependencies(undefined);
    const store = await given.store();
    store.durations.of = () => Promise.reject(new Error('the disk is gone'));
    expect(await adviseOn(command(), given)).toEqual({ faults: [], queue: 'small' });
    expect(log.join('')).toContain('the disk is gone');
  });

  it('an estimate has the queue that the process chooses for its inputs', async () => {
    const chooseQueue = ({ length }: LiteralInputs) => (length?.[0] === '77' ? 'large' : 'small');
    const { dependencies: given } = dependencies(undefined, {}, { chooseQueue });
    expect((await adviseOn(command(literal('length', '77')), given)).queue).toBe('large');
    expect((await adviseOn(command(), given)).queue).toBe('small');
  });

  it('an estimate says how long the latest jobs took, if known', async () => {
    const { dependencies: given } = dependencies(undefined);
    const { durations } = await given.store();
    for (const endedAt of [
      '2026-01-01T00:00:10Z',
      '2026-01-01T00:00:20Z',
      '2026-01-01T00:01:00Z',
    ]) {
      const process = { ...everything, title: 'any' };
      await durations.note({ process, startedAt: '2026-01-01T00:00:00Z', endedAt });
    }
    expect((await adviseOn(command(), given)).duration).toEqual({
      minimum: 10,
      maximum: 60,
      runs: 3,
    });
  });

  it('an estimating process sees the variables that its description names, and no others', async () => {
    let seen: object = {};
    const { dependencies: given, process } = dependencies(
      {
        estimate: async (_, { variables }) => {
          seen = variables;
          return { faults: [] };
        },
      },
      { LAYERS: '/layers', SECRET: 'no' },
    );
    await adviseOn(command(), given);
    expect(seen).toEqual({ LAYERS: '/layers' });
    const { variables: _, ...job } = process.job;
    await adviseOn(command(), { ...given, catalogue: [{ ...process, job }] });
    expect(seen).toStrictEqual({});
  });

  it('a failing estimate leaves the faults, and the log says why', async () => {
    const { dependencies: given, log } = dependencies({
      estimate: async () => {
        throw new Error('the disk is gone');
      },
    });
    expect(await adviseOn(command(), given)).toEqual({ faults: [], queue: 'small' });
    expect(log.join('')).toContain('the disk is gone');
  });

  it('a process that advises nothing is asked for nothing, which is no failure', async () => {
    for (const advice of [undefined, {}]) {
      const { dependencies: given, log } = dependencies(advice);
      expect(await adviseOn(command(), given)).toEqual({ faults: [], queue: 'small' });
      expect(await overviewOf(command(), given)).toBeUndefined();
      expect(await suggestValues(command(), 'text', '', given)).toEqual([]);
      await constraintsOn(command(), given);
      expect(log).toEqual([]);
    }
  });

  it('a failure of the service while it reads a request is no fault of the request', async () => {
    const { dependencies: given } = dependencies(undefined);
    const store = await given.store();
    store.read = () => Promise.reject(new Error('the disk is gone'));
    const href = `${given.configuration.baseUrl}wps/outputs/${sampleJob().id}/a.txt`;
    const data = { kind: 'reference', href, method: 'GET', headers: [] } as const;
    const advice = adviseOn(command({ identifier: 'document', data }), given);
    await expect(advice).rejects.toThrow('the disk is gone');
  });

  it('an estimate runs nothing and stores nothing', async () => {
    const { dependencies: given, log } = dependencies(undefined);
    await adviseOn(command(), given);
    expect(log.join('')).not.toContain('job accepted');
  });
});

describe('an overview', () => {
  const editors = { text: 'extent', link: 'stride' } as const;
  const inputs: ProcessDescription['inputs'] = everything.inputs.map((input) =>
    input.kind === 'literal' && (input.identifier === 'text' || input.identifier === 'link')
      ? { ...input, editor: editors[input.identifier] }
      : input,
  );
  const overviewFor = async (overview: ProcessAdvice['overview'], ...given: ExecuteInput[]) => {
    const { dependencies: all, process, log } = dependencies(overview ? { overview } : {});
    const catalogue = [{ ...process, inputs }];
    return { found: await overviewOf(command(...given), { ...all, catalogue }), log };
  };

  it('an overview shows the whole of which a request takes a part', async () => {
    const seen: LiteralInputs[] = [];
    const overview = async (literals: LiteralInputs) => {
      seen.push(literals);
      return undefined;
    };
    await overviewFor(
      overview,
      literal('text', '1,2,3,4'),
      literal('link', '2'),
      literal('count', '2'),
    );
    expect(seen).toEqual([{ count: ['2'], length: ['10'] }]);
  });

  it('an overview is missing if the process has none or fails, which is logged', async () => {
    expect((await overviewFor(undefined)).found).toBeUndefined();
    const failed = await overviewFor(() => Promise.reject(new Error('the disk is gone')));
    expect(failed.found).toBeUndefined();
    expect(failed.log.join('')).toContain('the disk is gone');
  });
});

describe('suggestions', () => {
  it('suggestions are those of the process, for the typed text and the other inputs', async () => {
    const { dependencies: given } = dependencies({
      suggest: async ({ input, text, inputs }) => [
        { value: `${input} ${text} ${inputs['count']}` },
      ],
    });
    const found = await suggestValues(command(literal('count', '2')), 'text', 'ab', given);
    expect(found).toEqual([{ value: 'text ab 2' }]);
  });

  it('suggestions are empty if the process makes none', async () => {
    const { dependencies: given } = dependencies(undefined);
    expect(await suggestValues(command(), 'text', '', given)).toEqual([]);
  });

  it('suggestions are refused for an unknown input', async () => {
    const { dependencies: given } = dependencies(undefined);
    await expect(suggestValues(command(), 'nope', '', given)).rejects.toMatchObject({
      kind: 'unknown-input',
      subject: 'nope',
    });
  });
});
