import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runnerVariables } from '../../batch-jobs/api/runner-variables.ts';
import { catalogue } from '../../batch-jobs/catalogue.ts';
import { dev } from '../../environments/dev.ts';
import type { EnvironmentData } from '../../environments/environment.ts';
import { installationData } from '../../environments/index.ts';
import { configurationKeys } from '../../lambda/configuration/configuration-keys.ts';
import { hostLimits, numberLimits } from '../../lambda/configuration/limits.ts';
import { parseConfiguration } from '../../lambda/configuration/parse-configuration.ts';
import {
  resource,
  resources,
  type SynthesisedConfiguration,
  samplePlatform,
} from './sample-platform.ts';

const root = join(import.meta.dirname, '..', '..');
const own = { gogoduck: { variables: { GOGODUCK_WFS_URL: 'https://wfs.example.org/wfs' } } };
const withSettings: EnvironmentData = {
  ...dev,
  processes: { own },
  mail: { address: 'wps@example.org', identity: 'create' },
  outputs: { ...dev.outputs, kmsKeyArn: 'arn:aws:kms:ap-southeast-2:123456789012:key/1' },
  service: {
    ...dev.service,
    allowOrigin: 'https://example.org',
    wpsVersion: '2.0.0',
    documentation: 'https://example.org/help',
    provider: {
      name: 'A provider',
      site: 'https://example.org/',
      contact: {
        individualName: 'a',
        positionName: 'b',
        voice: 'c',
        facsimile: 'd',
        deliveryPoint: 'e',
        city: 'f',
        administrativeArea: 'g',
        postalCode: 'h',
        country: 'i',
        electronicMailAddress: 'a@example.org',
      },
    },
    limits: {
      ...Object.fromEntries(
        Object.entries(numberLimits).map(([name, { default: standard }]) => [name, standard]),
      ),
      ...Object.fromEntries(Object.keys(hostLimits).map((name) => [name, ['example.org']])),
    },
  },
};

let stack: SynthesisedConfiguration | undefined;
beforeAll(async () => {
  const data = { ...installationData, environments: [withSettings] };
  stack = (await samplePlatform(data)).stacks['DEV'];
});

const configurationFile = () =>
  String(resource(stack, 'aws_s3_object', 'content_type', 'text/plain; charset=utf-8')['content']);

describe('what the code reads of its surroundings is given by the stacks', () => {
  it('the stacks set every variable that the functions read', () => {
    const sources = readdirSync(join(root, 'lambda/aws'))
      .map((file) => readFileSync(join(root, 'lambda/aws', file), 'utf8'))
      .join('\n');
    const read = [...sources.matchAll(/required\(variables, '(\w+)'\)/g)].map(([, name]) => name);
    expect(new Set(read)).toEqual(
      new Set(['CONFIGURATION_S3_BUCKET', 'CONFIG_FILENAME', 'AWS_REGION']),
    );
    const functions = resources(stack, 'aws_lambda_function');
    expect(functions).toHaveLength(2);
    for (const { environment } of functions) {
      const { variables } = environment as { variables: object };
      // Lambda itself sets the region.
      expect(Object.keys(variables).sort()).toEqual(['CONFIGURATION_S3_BUCKET', 'CONFIG_FILENAME']);
    }
  });

  it('the stacks set every configuration key that the functions read', () => {
    const written = new Set(
      configurationFile()
        .split('\n')
        .map((text) => text.split('=', 1)[0]),
    );
    const known = [
      ...Object.values(configurationKeys),
      ...Object.values(numberLimits).map(({ key }) => key),
      ...Object.values(hostLimits).map(({ key }) => key),
    ];
    // The bucket belongs to one environment, so its keys need no prefix to tell environments apart.
    expect(known.filter((key) => !written.has(key))).toEqual(['OUTPUT_S3_PREFIX']);
  });

  it('every variable that the runner reads is set by job definitions, submissions or others', () => {
    const definition = resource(stack, 'aws_batch_job_definition', 'name', 'wps-dev-echo');
    const { environment } = JSON.parse(String(definition['container_properties'])) as {
      environment: { name: string }[];
    };
    const engine = readFileSync(join(root, 'lambda/aws/batch-job-engine.ts'), 'utf8');
    const notGiven = Object.entries(runnerVariables).filter(
      ([name, variable]) =>
        !engine.includes(`[runnerVariables.${name},`) &&
        environment.every((given) => given.name !== variable),
    );
    expect(Object.fromEntries(notGiven)).toEqual({
      processesDir: 'WPS_PROCESSES_DIR', // set by images of processes described in files
      engineJobId: 'AWS_BATCH_JOB_ID', // set by AWS Batch
      attempt: 'AWS_BATCH_JOB_ATTEMPT', // set by AWS Batch
      memoryMiB: 'WPS_JOB_MEMORY_MIB', // only for the local engine: a container limits a job's memory
      mark: 'WPS_PROCESS_MARK', // only for the local engine: a container ends with everything it started
    });
  });

  it('the stacks set every variable that processes read, also for suggestions and estimates', () => {
    const { variables } = own.gogoduck;
    const definition = resource(stack, 'aws_batch_job_definition', 'name', 'wps-dev-gogoduck');
    expect(JSON.parse(String(definition['container_properties']))).toMatchObject({
      environment: expect.arrayContaining([
        { name: 'GOGODUCK_WFS_URL', value: variables.GOGODUCK_WFS_URL },
      ]),
    });
    const file = configurationFile()
      .replaceAll(/\$\{aws_api_gateway_stage[^}]*\}/g, 'https://api.example.org/DEV')
      .replaceAll(/\$\{[^}]*\}/g, 'one');
    const { configuration, unknownKeys } = parseConfiguration(file, 'test', 'DEV', catalogue);
    expect(unknownKeys).toEqual([]);
    expect(configuration.processVariables).toEqual(variables);
    expect(readFileSync(join(root, 'lambda/handler.ts'), 'utf8')).toContain(
      'processVariables: chosen.configuration.processVariables',
    );
  });

  it('the stacks give a variable one value, whichever process reads it', async () => {
    const twice = {
      ...own,
      echo: { variables: { GOGODUCK_WFS_URL: 'https://other.example.org' } },
    };
    const environments = [{ ...dev, processes: { own: twice } }];
    await expect(samplePlatform({ ...installationData, environments })).rejects.toThrow(
      /GOGODUCK_WFS_URL: has another value for another process; allowed: https:\/\/wfs/,
    );
  });
});
