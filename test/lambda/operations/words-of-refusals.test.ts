import { describe, expect, it } from 'vitest';
import type { JobInput } from '../../../batch-jobs/api/job.ts';
import type { ComplexInput, LiteralInput } from '../../../batch-jobs/api/process-description.ts';
import { requestLog } from '../../../lambda/jobs/request-log.ts';
import { tooManyJobs, tooManyJobsOfOwner } from '../../../lambda/jobs/too-many-jobs.ts';
import { suggestValues } from '../../../lambda/operations/advise.ts';
import { checkBoundingBox } from '../../../lambda/operations/check-bounding-box.ts';
import { checkComplex, checkReference } from '../../../lambda/operations/check-complex.ts';
import { jsonCheck } from '../../../lambda/operations/check-json.ts';
import { checkLiteral } from '../../../lambda/operations/check-literal.ts';
import { checkRecipients } from '../../../lambda/operations/check-recipients.ts';
import { checkSubscriber } from '../../../lambda/operations/check-subscriber.ts';
import { chooseLanguage } from '../../../lambda/operations/choose-language.ts';
import { claimKey } from '../../../lambda/operations/claim-key.ts';
import type { Dependencies } from '../../../lambda/operations/dependencies.ts';
import type { ExecuteCommand, ExecuteInput } from '../../../lambda/operations/execute-command.ts';
import { findJob } from '../../../lambda/operations/find-job.ts';
import { changeLabels } from '../../../lambda/operations/label-job.ts';
import { listJobs } from '../../../lambda/operations/list-jobs.ts';
import { findOutput } from '../../../lambda/operations/open-output.ts';
import { findOwnOutputs } from '../../../lambda/operations/own-outputs.ts';
import { describeProcess, listProcesses } from '../../../lambda/operations/processes.ts';
import { settleOutputs } from '../../../lambda/operations/settle-outputs.ts';
import { faultOf } from '../../only-service-faults.ts';
import { sampleJob } from '../../sample-job.ts';
import { serviceUnderTest } from '../../service-under-test.ts';
import { everything, fixed } from '../../test-catalogue.ts';

const once = { identifier: 'value', title: 'Value', minOccurs: 1, maxOccurs: 1 } as const;
const literal: LiteralInput = { ...once, kind: 'literal', dataType: 'integer' };
const complex: ComplexInput = {
  ...{ ...once, kind: 'complex', maximumMegabytes: 1 },
  formats: [{ mimeType: 'text/plain', extension: '.txt' }],
};
const box = { ...once, kind: 'bounding-box', crss: ['urn:c', 'urn:d'] } as const;
const mail: LiteralInput = { ...once, kind: 'literal', dataType: 'string', mail: 'recipients' };
const reference = {
  kind: 'reference',
  href: 'https://a.org/',
  method: 'GET',
  headers: [],
} as const;
const tooLarge = { jobId: 'j', attempt: 1, name: 'n', size: 2 ** 20 + 1 };
const to = (value: string): JobInput[] => [
  { identifier: 'value', given: true, value: { kind: 'literal', value, dataType: 'string' } },
];

describe('the words of a refusal of a value', () => {
  it.each([
    [
      'a text that is not an integer',
      () => checkLiteral(literal, { value: ' 1.5 ' }),
      'Input "value" is "1.5"; allowed: a value of type integer.',
    ],
    [
      'a box in another system',
      () => checkBoundingBox(box, { lower: [1], upper: [2], crs: 'urn:e' }),
      'Input "value" has CRS "urn:e"; allowed: "urn:c", "urn:d".',
    ],
    [
      'a box of too few numbers',
      () => checkBoundingBox(box, { lower: [1, 2], upper: [3], dimensions: 2 }),
      'Input "value" has corners "1 2" and "3"; allowed: 2 finite numbers each.',
    ],
    [
      'text that is no base64',
      () => checkComplex(complex, { encoding: 'base64' }, { text: '?' }),
      'Input "value" is declared as base64 and is not; allowed: base64 of RFC 4648, clause 4.',
    ],
    [
      'a reference with a body to be got',
      () => checkReference(complex, { ...reference, bodyReference: 'https://a.org/' }, ['a.org']),
      'Input "value" cannot be fetched: its reference has a body; allowed: a body together with method="POST".',
    ],
    [
      'a text that is not JSON',
      () => jsonCheck(60_000)('value', {}, '{'),
      'Input "value" is not well-formed JSON; allowed: JSON (RFC 8259).',
    ],
    [
      'JSON of another type',
      () => jsonCheck(60_000)('value', { type: 'object' }, '[]'),
      'Input "value" does not fit its schema at #: Instance type "array" is invalid. Expected "object"; allowed: what the description of the process says.',
    ],
    [
      'JSON that is too deep',
      () =>
        jsonCheck(60_000)(
          'value',
          { anyOf: [{ type: 'integer' }, { type: 'array', items: { $ref: '#' } }] },
          `${'['.repeat(100_000)}1${']'.repeat(100_000)}`,
        ),
      'Input "value" is nested too deeply to check against its schema; allowed: JSON with fewer levels.',
    ],
    [
      'no address',
      () => checkRecipients({ inputs: [mail] }, to('nobody'), ['*']),
      'Input "value" is "nobody"; allowed: an e-mail address such as name@example.org.',
    ],
    [
      'an address elsewhere',
      () => checkRecipients({ inputs: [mail] }, to('a@b.org'), ['c.org', '*.d.org']),
      'Input "value" is "a@b.org"; allowed: addresses of these domains: c.org, *.d.org.',
    ],
    [
      'too many addresses',
      () =>
        checkRecipients({ inputs: [mail] }, to('a@b.org,b@b.org,c@b.org,d@b.org,e@b.org,f@b.org'), [
          '*',
        ]),
      'Input "value" names 6 addresses; allowed: up to 5.',
    ],
  ])('the words of a refusal say what was found and what is allowed: %s', (_, run, message) => {
    expect(faultOf(run)).toMatchObject({ kind: 'invalid-value', subject: 'value', message });
  });

  it('an address has at most 254 characters', () => {
    const label = 'b'.repeat(63);
    const longest = `${'a'.repeat(64)}@${label}.${label}.${'b'.repeat(57)}.org`;
    expect(checkRecipients({ inputs: [mail] }, to(longest), ['*'])).toEqual([longest]);
    const longer = longest.replace('.org', 'b.org');
    expect(faultOf(() => checkRecipients({ inputs: [mail] }, to(longer), ['*'])).message).toContain(
      'allowed: an e-mail address',
    );
  });

  it('the words of a refusal of an address repeat at most 200 characters', () => {
    const text = 'a'.repeat(300);
    const run = () => checkRecipients({ inputs: [mail] }, to(text), ['*']);
    expect(faultOf(run).message).toContain(`is "${text.slice(0, 200)}"; allowed`);
  });

  it('the words of a refusal of a format name the input and the offered formats', () => {
    const run = () => checkComplex(complex, { mimeType: 'text/csv' }, { text: '' });
    expect(faultOf(run)).toMatchObject({
      ...{ kind: 'unsupported-format', subject: 'value' },
      message: 'Input "value" is not offered as "text/csv"; allowed: "text/plain".',
    });
  });

  it.each([
    ['text', () => checkComplex(complex, {}, { text: 'a'.repeat(2 ** 20 + 1) })],
    [
      'an output of the service',
      () => checkReference(complex, { ...reference, ownOutput: tooLarge }, []),
    ],
  ])('the words of a refusal say how large an input may be: %s', (_, run) => {
    expect(faultOf(run)).toMatchObject({
      ...{ kind: 'too-large', subject: 'value', message: 'Input "value" is larger than 1 MiB.' },
    });
  });

  it.each([
    [
      [],
      'Member "subscriber/failedUri" is "ftp://a.org/"; allowed: none, for callbacks are not offered here; follow the status of the job.',
    ],
    [
      ['a.org', 'b.org'],
      'Member "subscriber/failedUri" is "ftp://a.org/"; allowed: http and https URLs without credentials on these hosts: a.org, b.org.',
    ],
  ])(
    'the words of a refusal of a callback say where callbacks may go, with hosts %j',
    (hosts, message) => {
      const run = () =>
        checkSubscriber({ successUri: 'https://a.org/', failedUri: 'ftp://a.org/' }, hosts);
      const faults = faultOf(run).all;
      expect(faults.at(-1)).toEqual({
        kind: 'invalid-value',
        subject: 'subscriber/failedUri',
        text: message,
      });
      expect(faults).toHaveLength(hosts.length === 0 ? 2 : 1);
    },
  );

  it('the words of a refusal of a callback repeat at most 200 characters', () => {
    const successUri = `https://b.org/${'a'.repeat(300)}`;
    expect(faultOf(() => checkSubscriber({ successUri }, ['a.org'])).message).toContain(
      `is "${successUri.slice(0, 200)}"; allowed`,
    );
  });
});

describe('the words of a refusal of an output or a process', () => {
  const offer = {
    catalogue: [everything],
    configuration: serviceUnderTest().dependencies.configuration,
  };
  const offered = { ...offer.configuration, processes: [everything.identifier] };

  it.each([
    [
      'an output in another unit',
      () => settleOutputs(everything, [{ identifier: 'number', uom: 'km' }]),
      ['invalid-value', 'number', 'Output "number" is not offered in unit "km"; allowed: m, ft.'],
    ],
    [
      'an output twice',
      () => settleOutputs(everything, [{ identifier: 'flag' }, { identifier: 'flag' }]),
      ['invalid-value', 'flag', 'Output "flag" is asked for more than once.'],
    ],
    [
      'an unknown output',
      () => settleOutputs(fixed, [{ identifier: 'x' }]),
      ['unknown-output', 'x', 'Process "fixed" has no output "x"; its outputs are "number".'],
    ],
    [
      'an output in another format',
      () => settleOutputs(everything, [{ identifier: 'grid', mimeType: 'text/csv' }]),
      [
        'unsupported-format',
        'grid',
        'Output "grid" is not offered as "text/csv"; allowed: "application/x-netcdf".',
      ],
    ],
    [
      'an unknown process',
      () => describeProcess('x', { ...offer, configuration: offered }),
      ['unknown-process', 'x', 'Process "x" is not offered; processes are "every:Thing".'],
    ],
    [
      'a process where there are none',
      () => listProcesses({ ...offer, configuration: { ...offered, processes: [] } }),
      [
        'internal',
        undefined,
        'No process is configured: the configuration of environment "TEST" has a job definition for none.',
      ],
    ],
    [
      'another language',
      () => chooseLanguage('xx', { languages: ['en-AU', 'fr'] }),
      ['invalid-value', 'language', 'Language "xx" is not offered; allowed: en-AU, fr.'],
    ],
  ] as const)(
    'the words of a refusal name what is offered: %s',
    (_, run, [kind, subject, message]) => {
      const fault = faultOf(run);
      expect([fault.kind, fault.subject, fault.message]).toEqual([kind, subject, message]);
    },
  );
});

describe('the words of a refusal of a request', () => {
  const { id } = sampleJob();
  const command: ExecuteCommand = {
    ...{ process: 'fixed', inputs: [], outputs: [], mode: 'async', idempotencyKey: 'a-key' },
    presentation: { protocol: 'a-protocol' },
    received: { body: '{}', contentType: 'application/json' },
  };
  const other = { ...command, received: { ...command.received, body: '{ }' } };
  const isOutput = (href: string, method: 'GET' | 'POST' = 'GET'): ExecuteInput[] => [
    { identifier: 'document', data: { ...reference, href, method } },
  ];
  const result = `https://example.org/TEST/wps/outputs/${id}/result.txt`;

  it.each<[string, (dependencies: Dependencies) => Promise<unknown>, object]>([
    [
      'a key of another request',
      (dependencies) => claimKey(other, id, dependencies),
      {
        ...{ kind: 'invalid-value', subject: 'Idempotency-Key' },
        message:
          'Header Idempotency-Key was sent with another request before; allowed: a new key for each request.',
      },
    ],
    [
      'a key whose request is not answered yet',
      (dependencies) => claimKey(command, id, dependencies),
      {
        ...{ kind: 'busy', subject: 'Idempotency-Key', retryAfterSeconds: 2 },
        message:
          'A request with the same Idempotency-Key is under way. Please send it again in a moment.',
      },
    ],
    [
      'an empty list of recipients',
      (dependencies) => listJobs({}, { limit: 1 }, dependencies),
      {
        kind: 'forbidden',
        message:
          'Jobs are listed for callers with an identity only. A job is found by its id: keep that which the service answered.',
      },
    ],
    [
      'a label of two lines',
      (dependencies) => changeLabels([id], { add: [`${'x'.repeat(70)}\n`] }, dependencies),
      {
        ...{ kind: 'invalid-value', subject: 'labels' },
        message: `Labels: "${'x'.repeat(60)}"; allowed: 1 to 100 characters on one line.`,
      },
    ],
    [
      'too many labels',
      (dependencies) =>
        changeLabels([id], { add: Array.from({ length: 21 }, (_, at) => `${at}`) }, dependencies),
      {
        ...{ kind: 'invalid-value', subject: 'labels' },
        message: 'Labels: 21 in job 3f0e9a52; allowed: up to 20 in a job.',
      },
    ],
    [
      'a job that is not there',
      (dependencies) => findJob(id.replace('3', '4'), dependencies),
      { kind: 'unknown-job', message: 'There is no such job.' },
    ],
    [
      'an output of a job that has not ended',
      (dependencies) => findOutput(id, 'result', dependencies),
      { kind: 'result-not-ready', subject: id, message: 'The job has not ended yet.' },
    ],
    [
      'suggestions for an input that is not there',
      (dependencies) => suggestValues({ process: 'fixed', inputs: [] }, 'depth', '', dependencies),
      {
        ...{ kind: 'unknown-input', subject: 'depth' },
        message: 'Process "fixed" has no input "depth".',
      },
    ],
    [
      'an output of the service that is posted to',
      (dependencies) => findOwnOutputs(isOutput(result, 'POST'), dependencies),
      {
        ...{ kind: 'invalid-value', subject: 'document' },
        message: 'Input "document" is an output of this service asked for by POST; allowed: GET.',
      },
    ],
    [
      'an output of the service that is not there',
      (dependencies) => findOwnOutputs(isOutput(result), dependencies),
      {
        ...{ kind: 'invalid-value', subject: 'document' },
        message:
          'Input "document" cannot be read from the output that it names: The job has not ended yet.',
      },
    ],
  ])('the words of a refusal say why, and what to do: %s', async (_, run, expected) => {
    const { store, dependencies: own } = serviceUnderTest();
    const dependencies: Dependencies = { ...own, log: requestLog(own.log) };
    await store.create(sampleJob(), { body: '', contentType: 'text/plain' }, []);
    await claimKey(command, id.replace('3', '5'), dependencies);
    await expect(run(dependencies)).rejects.toMatchObject(expected);
  });

  it('the words of a refusal of one more job say when to send it again', () => {
    expect(tooManyJobs()).toMatchObject({
      ...{ kind: 'busy', retryAfterSeconds: 30 },
      message: 'Too many jobs wait already. Please send the request again later.',
    });
    expect(tooManyJobsOfOwner(7)).toMatchObject({
      ...{ kind: 'busy', retryAfterSeconds: 30 },
      message:
        'Of your jobs 7 wait or run already, which is the most allowed. Please send the request again when one has ended.',
    });
  });
});
