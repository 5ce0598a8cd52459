import { describe, expect, it } from 'vitest';
import { catalogue } from '../../../batch-jobs/catalogue.ts';
import { ConfigurationFault } from '../../../lambda/configuration/configuration-fault.ts';
import { parseConfiguration } from '../../../lambda/configuration/parse-configuration.ts';
import { echo } from '../../echo.ts';

const needed = `
STATUS_LOCATION=https://wps.example.org/DEV/wps/
JOB_QUEUE_NAME=queue
AWS_REGION=ap-southeast-2
OUTPUT_S3_BUCKET=outputs
`;
const parse = (file: string, processes = catalogue) =>
  parseConfiguration(file, 's3://bucket/DEV/wps.properties', 'DEV', processes);
const faultOf = (file: string): ConfigurationFault => {
  try {
    parse(file);
  } catch (error) {
    if (error instanceof ConfigurationFault) return error;
  }
  throw new Error('the file was taken');
};

describe('a configuration file', () => {
  it('a configuration file needs only four keys, and has defaults for the rest', () => {
    expect(parse(needed).configuration).toEqual({
      environment: 'DEV',
      baseUrl: 'https://wps.example.org/DEV/',
      statusFilename: 'status.xml',
      identification: {
        title: 'Web Processing Service',
        keywords: [],
        fees: 'NONE',
        accessConstraints: 'NONE',
      },
      provider: { name: 'Unknown', contact: {} },
      languages: ['en-US'],
      processes: [],
      allowOrigin: '*',
      wpsVersion: '1.0.0',
      limits: {
        maxRequestBytes: 4194304,
        inlineOutputBytes: 1048576,
        syncTimeoutSeconds: 20,
        outputLinkSeconds: 300,
        jobOverdueSeconds: 300,
        maxUnfinishedJobs: 1000,
        maxUnfinishedJobsPerOwner: 100,
        referenceHosts: [],
        callbackHosts: [],
        mailDomains: [],
        mailsPerRecipientAndDay: 50,
        referenceMaxBytes: 536870912,
        referenceTimeoutSeconds: 60,
      },
      region: 'ap-southeast-2',
      jobNamePrefix: 'wps',
      jobDefinitions: {},
      queues: { small: 'queue', timeseries: 'queue', large: 'queue' },
      outputBucket: 'outputs',
      outputPrefix: '',
    });
  });

  it('a configuration file may set every key', () => {
    const { configuration } = parse(`${needed}
      # as the environment's stack writes it
      STATUS_FILENAME = response.xml
      JOB_NAME = javaduck
      JOB_QUEUE_NAME_LARGE = arn:aws:batch:ap-southeast-2:123456789012:job-queue/large
      JOB_DEFINITION_ECHO = DEV-echo:3
      OUTPUT_S3_PREFIX = DEV
      OUTPUT_KMS_KEY = alias/outputs
      OUTPUT_RETENTION_DAYS = 14
      LANGUAGES = en-AU, fr
      SERVICE_KEYWORDS = WPS, NetCDF
      SERVICE_DOCUMENTATION = https://example.org/help
      PROVIDER_SITE = https://example.org
      CONTACT_CITY = Hobart
      ALLOW_ORIGIN = https://portal.example.org
      WPS_DEFAULT_VERSION = 2.0.0
      MAX_REQUEST_BYTES = 1024
      REFERENCE_HOSTS = data.example.org, *.example.net
    `);
    expect(configuration).toMatchObject({
      statusFilename: 'response.xml',
      jobNamePrefix: 'javaduck',
      processes: ['echo'],
      jobDefinitions: { echo: 'DEV-echo:3' },
      queues: {
        small: 'queue',
        large: 'arn:aws:batch:ap-southeast-2:123456789012:job-queue/large',
      },
      outputPrefix: 'DEV/',
      outputKmsKey: 'alias/outputs',
      retentionDays: 14,
      languages: ['en-AU', 'fr'],
      identification: { keywords: ['WPS', 'NetCDF'], documentation: 'https://example.org/help' },
      provider: { site: 'https://example.org', contact: { city: 'Hobart' } },
      allowOrigin: 'https://portal.example.org',
      wpsVersion: '2.0.0',
      limits: { maxRequestBytes: 1024, referenceHosts: ['data.example.org', '*.example.net'] },
    });
  });

  it('a configuration file of an earlier release, without a retention, is read', () => {
    expect(parse(needed).configuration).not.toHaveProperty('retentionDays');
  });

  it('a configuration file offers a process whose image has a hyphen in its name', () => {
    const process = { ...echo, identifier: 'x', job: { ...echo.job, image: 'net-cdf' } };
    const { configuration } = parse(`${needed}JOB_DEFINITION_NET_CDF=d`, [process]);
    expect(configuration.jobDefinitions).toEqual({ x: 'd' });
  });

  it('a configuration file needs no general queue if each class has its own', () => {
    const queues = ['SMALL', 'TIMESERIES', 'LARGE'].map((name) => `JOB_QUEUE_NAME_${name}=${name}`);
    const file = `${needed.replace(/JOB_QUEUE.*\n/, '')}${queues.join('\n')}`;
    expect(parse(file).configuration.queues).toEqual({
      small: 'SMALL',
      timeseries: 'TIMESERIES',
      large: 'LARGE',
    });
  });

  it('a configuration file cannot promise what Lambda and its role cannot keep', () => {
    const [largest, tooLarge] = [
      'MAX_REQUEST_BYTES=4500000\nOUTPUT_LINK_SECONDS=3600',
      'MAX_REQUEST_BYTES=4500001\nOUTPUT_LINK_SECONDS=3601',
    ];
    expect(parse(`${needed}\n${largest}`).configuration.limits).toMatchObject({
      maxRequestBytes: 4_500_000,
      outputLinkSeconds: 3_600,
    });
    expect(faultOf(`${needed}\n${tooLarge}`).faults.map(({ key }) => key)).toEqual([
      'MAX_REQUEST_BYTES',
      'OUTPUT_LINK_SECONDS',
    ]);
  });

  it('every fault of a configuration file is reported at once: place, key, value and what is allowed', () => {
    const { message, faults } = faultOf(`
      STATUS_LOCATION=https://wps.example.org/DEV/
      SYNC_TIMEOUT_SECONDS=60
      MAX_REQUEST_BYTES=many
      OUTPUT_S3_BUCKET=
      REFERENCE_HOSTS=data.example.org,https://example.org/
      JOB_DEFINITION_ECHO=no such name
      ALLOW_ORIGIN=https://one.example.org,https://two.example.org
    `);
    expect(message).toMatch(/^configuration s3:\/\/bucket\/DEV\/wps\.properties: /);
    expect(message).toContain(
      'MAX_REQUEST_BYTES is "many", allowed: a whole number, 1024 to 4500000; SYNC_TIMEOUT_SECONDS is "60"',
    );
    expect(message).toContain('AWS_REGION is not set, allowed: an AWS region');
    expect(new Set(faults.map(({ key }) => key))).toEqual(
      new Set([
        'STATUS_LOCATION',
        'SYNC_TIMEOUT_SECONDS',
        'MAX_REQUEST_BYTES',
        'OUTPUT_S3_BUCKET',
        'REFERENCE_HOSTS',
        'JOB_DEFINITION_ECHO',
        'ALLOW_ORIGIN',
        'AWS_REGION',
        'JOB_QUEUE_NAME',
      ]),
    );
    for (const fault of faults) expect(fault.allowed).not.toBe('');
  });

  it('a configuration file may name as many reference hosts as fit into a submission, and no more', () => {
    const hosts = `${'a'.repeat(2047)},${'b'.repeat(2048)}`;
    const { configuration } = parse(`${needed}\nREFERENCE_HOSTS=${hosts}`);
    expect(configuration.limits.referenceHosts).toHaveLength(2);
    expect(faultOf(`${needed}\nREFERENCE_HOSTS=${hosts}c`).faults).toMatchObject([
      { key: 'REFERENCE_HOSTS', allowed: expect.stringContaining('at most 4096 characters') },
    ]);
  });

  it.each([
    ['STATUS_LOCATION', 'http://wps.example.org/wps?x'],
    ['STATUS_FILENAME', '../status.xml'],
    ['JOB_NAME', '-x'],
    ['AWS_REGION', 'Sydney'],
    ['OUTPUT_S3_BUCKET', 'Not_A_Bucket'],
    ['OUTPUT_S3_PREFIX', '/DEV'],
    ['LANGUAGES', 'en, ,fr'],
    ['JOB_OVERDUE_SECONDS', '1.5'],
    ['CONTACT_ELECTRONIC_MAIL_ADDRESS', 'nobody'],
    ['JOB_QUEUE_NAME_SMALL', 'a b'],
  ])('a configuration file may not set %s to %j', (key, value) => {
    const { faults } = faultOf(`${needed.replace(new RegExp(`${key}=.*\n`), '')}${key}=${value}`);
    expect(faults).toMatchObject([{ key, found: value }]);
  });

  it('unknown keys of a configuration file are reported and otherwise ignored', () => {
    const { unknownKeys } = parse(`${needed}JOB_QUEUE_NAMES=a\nJOB_DEFINITION_GONE=b`);
    expect(unknownKeys).toEqual(['JOB_QUEUE_NAMES', 'JOB_DEFINITION_GONE']);
  });

  it.each([
    ['JOB_QUEUE_PLATFORM_SMALL', 'fargate', '`EC2`, `FARGATE`'],
    ['JOB_QUEUE_SCHEDULING_LARGE', 'fair', '`first-come`, `fair-share`'],
    ['JOB_QUEUE_PRICE_SMALL', 'machine 0 8 0.1', '`machine <vCPUs>'],
    ['JOB_QUEUE_PRICE_SMALL', 'task 1 2', '`machine <vCPUs>'],
    ['JOB_QUEUE_PRICE_SMALL', 'task 1 2 -3', '`machine <vCPUs>'],
  ])('a configuration file with %s=%s is refused', (key, value, allowed) => {
    const faulty = () => parse(`${needed}${key}=${value}\n`);
    expect(faulty).toThrow(key);
    expect(faulty).toThrow(allowed);
  });
});
