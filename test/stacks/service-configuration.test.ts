import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { catalogue } from '../../batch-jobs/catalogue.ts';
import { dev } from '../../environments/dev.ts';
import { installationData } from '../../environments/index.ts';
import { pricesOfSydney } from '../../environments/prices.ts';
import { defaultLimits } from '../../lambda/configuration/limits.ts';
import { parseConfiguration } from '../../lambda/configuration/parse-configuration.ts';
import { resource, type SynthesisedConfiguration, samplePlatform } from './sample-platform.ts';

/** A configuration file as it is in the bucket, except that Terraform's references stay unresolved. */
function fileOf(stack: SynthesisedConfiguration | undefined): string {
  const type = 'text/plain; charset=utf-8';
  return String(resource(stack, 'aws_s3_object', 'content_type', type)['content'])
    .replaceAll(/\$\{aws_api_gateway_stage\.[^}]*\}/g, 'https://api.example.org/DEV')
    .replaceAll(/\$\{aws_batch_job_queue\.(small|timeseries|large)_[^}]*\}/g, 'queue-$1')
    .replaceAll(
      /\$\{aws_batch_job_definition\.process-([\w-]+?)_definition[^}]*\}/g,
      'definition-$1',
    )
    .replaceAll(/\$\{aws_s3_bucket\.[^}]*\}/g, 'bucket');
}

let withEverything: SynthesisedConfiguration | undefined;
let shipped: Readonly<Record<string, SynthesisedConfiguration>>;

beforeAll(async () => {
  shipped = (await samplePlatform()).stacks;
  const kmsKeyArn = 'arn:aws:kms:ap-southeast-2:123456789012:key/1';
  const environment = {
    ...dev,
    processes: { testProcess: true },
    outputs: { ...dev.outputs, kmsKeyArn },
    service: {
      title: 'Läufe & Co: a=b',
      abstract: `${'long '.repeat(60)}text`,
      keywords: ['one', 'two words'],
      languages: ['en-US', 'fr'],
      documentation: 'https://example.org/help',
      provider: {
        name: 'Provider',
        site: 'https://example.org/',
        contact: { individualName: 'Someone', electronicMailAddress: 'someone@example.org' },
      },
      allowOrigin: 'https://portal.example.org',
      wpsVersion: '2.0.0',
      limits: {
        syncTimeoutSeconds: 10,
        referenceHosts: ['data.example.org', '*.example.com'],
        callbackHosts: ['portal.example.org'],
        maxUnfinishedJobsPerOwner: 7,
      },
    },
  };
  const data = { ...installationData, environments: [environment] };
  withEverything = (await samplePlatform(data)).stacks['DEV'];
});

describe('the configuration that a stack writes', () => {
  it('the configuration that a stack writes is valid for the functions, in every environment', () => {
    for (const name of ['DEV', 'SYSTEST', 'RC', 'PROD']) {
      const { configuration, unknownKeys } = parseConfiguration(
        fileOf(shipped[name]),
        'test',
        name,
        catalogue,
      );
      expect(unknownKeys).toEqual([]);
      // Batch's own default, for a request without a class.
      expect(fileOf(shipped[name])).toMatch(/^JOB_QUEUE_NAME=queue-small$/m);
      expect(fileOf(shipped[name])).toContain('STATUS_LOCATION=https://api.example.org/DEV/wps/\n');
      // A folded line would break a reference that Terraform replaces.
      expect(fileOf(shipped[name])).not.toMatch(/\\\n/);
      expect(configuration).toMatchObject({
        baseUrl: 'https://api.example.org/DEV/',
        region: 'ap-southeast-2',
        outputBucket: 'bucket',
        outputPrefix: '',
        allowOrigin: '*',
        wpsVersion: '1.0.0',
        limits: defaultLimits,
        queues: { small: 'queue-small', timeseries: 'queue-timeseries', large: 'queue-large' },
        processes: ['echo'],
        jobDefinitions: { echo: 'definition-echo' },
      });
    }
  });

  it('the configuration that a stack writes tells users the days after which the bucket removes jobs', () => {
    for (const [name, days] of [
      ['DEV', 14],
      ['PROD', 30],
    ] as const) {
      const stack = shipped[name];
      const { configuration } = parseConfiguration(fileOf(stack), 'test', name, catalogue);
      const rules = resource(stack, 'aws_s3_bucket_lifecycle_configuration');
      expect(configuration.retentionDays).toBe(days);
      expect(rules['rule']).toContainEqual(
        expect.objectContaining({ filter: [{ prefix: 'jobs/' }], expiration: [{ days }] }),
      );
    }
  });

  it('the configuration that a stack writes describes each queue, and the cost of jobs in it', async () => {
    const fargate = {
      kind: 'fargate',
      maxVcpus: 4,
      purchase: 'on-demand',
      scheduling: 'fair-share',
    };
    const change = { queues: { ...dev.queues, small: fargate }, processes: {} };
    const data = { ...installationData, environments: [{ ...dev, ...change }] };
    const stack = (await samplePlatform(data)).stacks['DEV'];
    const file = fileOf(stack).replaceAll(
      /\$\{aws_batch_job_definition\.fargate-process-([\w-]+?)_definition[^}]*\}/g,
      'fargate-$1',
    );
    const { configuration, unknownKeys } = parseConfiguration(file, 'test', 'DEV', catalogue);
    expect(unknownKeys).toEqual([]);
    const { small, timeseries, large } = configuration.queueTraits ?? {};
    expect(small).toEqual({
      platform: 'FARGATE',
      scheduling: 'fair-share',
      price: {
        kind: 'task',
        vcpuUsdPerHour: pricesOfSydney.task.x86_64.vcpu,
        gibUsdPerHour: pricesOfSydney.task.x86_64.gib,
        usdPerHour: pricesOfSydney.address,
      },
    });
    // Machines cost as Spot, while address and volumes cost the full price.
    const perHour = (gb: number) =>
      0.4 * pricesOfSydney.machine.x86_64 + 0.005 + (gb * pricesOfSydney.volume.gb) / 730;
    for (const [traits, gb] of [
      [timeseries, 50],
      [large, 30],
    ] as const) {
      expect(traits).toEqual({
        platform: 'EC2',
        scheduling: 'first-come',
        price: {
          kind: 'machine',
          vcpus: 2,
          memoryGiB: 8,
          usdPerHour: expect.closeTo(perHour(gb), 8),
        },
      });
    }
    // The queue of a GoGoDuck job is not known before the request.
    expect(configuration.fargateJobDefinitions).toEqual({
      echo: 'fargate-echo',
      'gs:GoGoDuck': 'fargate-gogoduck',
    });
    expect(Object.keys(configuration.jobDefinitions)).toEqual(['gs:GoGoDuck']);
    expect([...configuration.processes].sort()).toEqual(['echo', 'gs:GoGoDuck']);
  });

  it('the configuration that a stack writes has no prices outside Sydney, which the price list is for', async () => {
    const account = { ...dev.account, region: 'eu-central-1' };
    const shared = { ...(installationData.shared as object), account };
    const inFrankfurt = async (change: object) => {
      const environments = [{ ...dev, account, ...change }];
      const { stacks } = await samplePlatform({ shared, environments });
      return fileOf(stacks['DEV']);
    };
    expect(await inFrankfurt({})).not.toContain('JOB_QUEUE_PRICE');
    const prices = { ...pricesOfSydney, address: 0 };
    expect(await inFrankfurt({ prices })).toContain('JOB_QUEUE_PRICE_SMALL=machine 2 8 0.12');
  });

  it('the configuration that a stack writes passes on every setting of the service', () => {
    const { configuration } = parseConfiguration(fileOf(withEverything), 'test', 'DEV', catalogue);
    expect(configuration).toMatchObject({
      identification: {
        title: 'Läufe & Co: a=b',
        abstract: `${'long '.repeat(60)}text`,
        keywords: ['one', 'two words'],
      },
      provider: {
        name: 'Provider',
        site: 'https://example.org/',
        contact: { individualName: 'Someone', electronicMailAddress: 'someone@example.org' },
      },
      languages: ['en-US', 'fr'],
      allowOrigin: 'https://portal.example.org',
      wpsVersion: '2.0.0',
      limits: {
        ...defaultLimits,
        syncTimeoutSeconds: 10,
        referenceHosts: ['data.example.org', '*.example.com'],
        callbackHosts: ['portal.example.org'],
        maxUnfinishedJobsPerOwner: 7,
      },
      outputKmsKey: 'arn:aws:kms:ap-southeast-2:123456789012:key/1',
    });
    expect(configuration.processes).toEqual(catalogue.map(({ identifier }) => identifier));
  });

  it('the configuration for calls without an environment offers nothing', () => {
    const { configuration } = parseConfiguration(
      fileOf(shipped['SHARED']),
      'test',
      '$LATEST',
      catalogue,
    );
    expect(configuration.processes).toEqual([]);
    expect(configuration.baseUrl).toBe('https://no-environment.invalid/');
    expect(configuration.outputPrefix).toBe('$LATEST/');
  });

  it('limits of the configuration are the same where they are set and where they are read', () => {
    const rows = (document: string, row: RegExp) =>
      readFileSync(join(import.meta.dirname, '..', '..', 'docs', document), 'utf8').matchAll(row);
    const keyOf = (setting: string) => setting.replaceAll(/[A-Z]/g, '_$&').toUpperCase();
    const set = [
      ...rows(
        'environment-settings.md',
        /^\| `(?:service\.limits\.(\w+)|outputs\.(\w+))` \| (\d+ to \d+) /gm,
      ),
    ].map(([, limit, output = '', bounds]) =>
      limit === undefined ? `OUTPUT_${keyOf(output)}: ${bounds}` : `${keyOf(limit)}: ${bounds}`,
    );
    const read = [
      ...rows('configuration.md', /^\| `(\w+)` \|[^|]*\| a whole number, (\d+ to \d+) /gm),
    ].map(([, key, bounds]) => `${key}: ${bounds}`);
    expect(set.length).toBeGreaterThan(5);
    expect(set.sort()).toEqual(read.sort());
  });
});
