import type { AwsConfiguration } from '../lambda/configuration/configuration.ts';
import { defaultLimits } from '../lambda/configuration/limits.ts';

/** A configuration as parsed from an environment's file. Tests override what matters to them. */
export function awsConfiguration(change: Partial<AwsConfiguration> = {}): AwsConfiguration {
  return {
    environment: 'DEV',
    baseUrl: 'https://wps.example.org/DEV/',
    statusFilename: 'status.xml',
    identification: {
      title: 'Web Processing Service',
      keywords: [],
      fees: 'NONE',
      accessConstraints: 'NONE',
    },
    provider: { name: 'Example', contact: {} },
    languages: ['en-US'],
    processes: ['echo'],
    limits: defaultLimits,
    region: 'ap-southeast-2',
    jobNamePrefix: 'javaduck',
    jobDefinitions: { echo: 'echo' },
    queues: { small: 'small', timeseries: 'timeseries', large: 'large' },
    outputBucket: 'jobs',
    outputPrefix: 'DEV/',
    ...change,
  };
}
