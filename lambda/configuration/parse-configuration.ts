import { parse } from 'dot-properties';
import {
  type ProcessDescription,
  type QueueClass,
  queueClasses,
} from '../../batch-jobs/api/process-description.ts';
import type { AwsConfiguration, ServiceContact } from './configuration.ts';
import { ConfigurationFault, type SettingFault } from './configuration-fault.ts';
import {
  fargateJobDefinitionKey,
  jobDefinitionKey,
  configurationKeys as keys,
  processVariablePrefix,
  queueKey,
  queueTraitKeys,
} from './configuration-keys.ts';
import { batchResource, settingDescriptions, settings } from './configuration-settings.ts';
import { hostLimits, type Limits, mapHostLimits, mapNumberLimits, numberLimits } from './limits.ts';
import { parseQueueTraits } from './queue-traits.ts';

export interface ParsedConfiguration {
  readonly configuration: AwsConfiguration;
  /**
   * Keys without a meaning here: misspelt, or meant for another version of the function. They are no fault,
   * because versions are promoted from one environment to the next.
   */
  readonly unknownKeys: readonly string[];
}

/**
 * Parses a configuration from a properties file (Java's format; `docs/configuration.md` lists the keys).
 *
 * @param place location of the file, for messages
 * @param environment the alias that the file belongs to
 * @param catalogue the existing processes; those with a job definition are offered
 * @throws {ConfigurationFault} with every fault of the file
 */
export function parseConfiguration(
  file: string,
  place: string,
  environment: string,
  catalogue: readonly ProcessDescription[],
): ParsedConfiguration {
  const properties = new Map(
    Object.entries(parse(file)).flatMap(([key, value]): [string, string][] =>
      // A key without a value counts as not set.
      typeof value === 'string' && value.trim() ? [[key, value.trim()]] : [],
    ),
  );
  const found = settings.safeParse(Object.fromEntries(properties));
  const queues = queuesOf(properties);
  const traits = parseQueueTraits(properties);
  const jobDefinitions = jobDefinitionsOf(properties, catalogue, jobDefinitionKey);
  const fargateDefinitions = jobDefinitionsOf(properties, catalogue, fargateJobDefinitionKey);
  const faults = [...new Set(found.error?.issues.map(({ path }) => String(path[0])))].map(
    (key): SettingFault => ({ key, found: properties.get(key), allowed: allowedOf(key) }),
  );
  faults.push(...queues.faults, ...traits.faults);
  faults.push(...jobDefinitions.faults, ...fargateDefinitions.faults);
  if (!found.success || faults.length > 0) throw new ConfigurationFault(place, faults);

  const values = found.data;
  return {
    configuration: {
      environment,
      baseUrl: values[keys.statusLocation].replace(/\/wps\/$/, '/'),
      statusFilename: values[keys.statusFilename],
      identification: {
        title: values[keys.serviceTitle],
        ...given('abstract', values[keys.serviceAbstract]),
        ...given('documentation', values[keys.serviceDocumentation]),
        keywords: values[keys.serviceKeywords] ?? [],
        fees: values[keys.serviceFees],
        accessConstraints: values[keys.serviceAccessConstraints],
      },
      provider: {
        name: values[keys.providerName],
        ...given('site', values[keys.providerSite]),
        contact: contactOf(values),
      },
      languages: nonEmpty(values[keys.languages]),
      processes: catalogue
        .map(({ identifier }) => identifier)
        .filter((one) => one in jobDefinitions.values || one in fargateDefinitions.values),
      allowOrigin: values[keys.allowOrigin],
      wpsVersion: values[keys.wpsVersion],
      limits: limitsOf(values),
      ...given('retentionDays', values[keys.retentionDays]),
      region: values[keys.region],
      jobNamePrefix: values[keys.jobName],
      jobDefinitions: jobDefinitions.values,
      ...given('fargateJobDefinitions', unlessEmpty(fargateDefinitions.values)),
      queues: queues.values,
      ...given('processVariables', unlessEmpty(processVariablesOf(properties, catalogue))),
      ...given('queueTraits', traits.values),
      outputBucket: values[keys.outputBucket],
      outputPrefix: values[keys.outputPrefix] ?? '',
      ...given('outputKmsKey', values[keys.outputKmsKey]),
      ...given('mail', mailOf(values)),
    },
    unknownKeys: unknownKeys(properties, catalogue),
  };
}

type Values = ReturnType<typeof settings.parse>;
type Properties = ReadonlyMap<string, string>;

function allowedOf(key: string): string {
  const schema = Object.entries(settings.shape).find(([name]) => name === key)?.[1];
  return (schema && settingDescriptions.get(schema)?.allowed) ?? '';
}

function limitsOf(values: Values): Limits {
  return {
    ...mapNumberLimits(({ key }) => values[key]),
    ...mapHostLimits(({ key }) => values[key] ?? []),
  };
}

function mailOf(values: Values): AwsConfiguration['mail'] {
  const from = values[keys.mailFrom];
  if (from === undefined) return undefined;
  return { from, ...given('configurationSet', values[keys.mailConfigurationSet]) };
}

function contactOf(values: Values): ServiceContact {
  return {
    ...given('individualName', values[keys.contactIndividualName]),
    ...given('positionName', values[keys.contactPositionName]),
    ...given('voice', values[keys.contactVoice]),
    ...given('facsimile', values[keys.contactFacsimile]),
    ...given('deliveryPoint', values[keys.contactDeliveryPoint]),
    ...given('city', values[keys.contactCity]),
    ...given('administrativeArea', values[keys.contactAdministrativeArea]),
    ...given('postalCode', values[keys.contactPostalCode]),
    ...given('country', values[keys.contactCountry]),
    ...given('electronicMailAddress', values[keys.contactElectronicMailAddress]),
  };
}

/** Each class has its own queue, or shares the queue of all classes without one. */
function queuesOf(properties: Properties) {
  const faults: SettingFault[] = [];
  const values: Record<QueueClass, string> = { small: '', timeseries: '', large: '' };
  for (const queue of queueClasses) {
    const key = properties.has(queueKey(queue)) ? queueKey(queue) : keys.jobQueueName;
    const value = properties.get(key);
    if (value !== undefined && batchResource.pattern.test(value)) values[queue] = value;
    else if (faults.every((fault) => fault.key !== key)) {
      faults.push({ key, found: value, allowed: batchResource.allowed });
    }
  }
  return { values, faults };
}

function jobDefinitionsOf(
  properties: Properties,
  catalogue: readonly ProcessDescription[],
  keyOf: (image: string) => string,
) {
  const faults: SettingFault[] = [];
  const values: Record<string, string> = {};
  for (const { identifier, job } of catalogue) {
    const key = keyOf(job.image);
    const value = properties.get(key);
    if (value === undefined) continue;
    if (batchResource.pattern.test(value)) values[identifier] = value;
    else faults.push({ key, found: value, allowed: batchResource.allowed });
  }
  return { values, faults };
}

function unknownKeys(
  properties: Properties,
  catalogue: readonly ProcessDescription[],
): readonly string[] {
  const known = new Set<string>([
    ...Object.values(keys),
    ...Object.values(numberLimits).map(({ key }) => key),
    ...Object.values(hostLimits).map(({ key }) => key),
    ...queueClasses.map(queueKey),
    ...queueClasses.flatMap((queue) => Object.values(queueTraitKeys).map((key) => key(queue))),
    ...catalogue.flatMap(({ job }) =>
      (job.variables ?? []).map((name) => `${processVariablePrefix}${name}`),
    ),
    ...catalogue.map(({ job }) => jobDefinitionKey(job.image)),
    ...catalogue.map(({ job }) => fargateJobDefinitionKey(job.image)),
  ]);
  return [...properties.keys()].filter((key) => !known.has(key));
}

function given<K extends string, V>(name: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [P in K]: V });
}

/** Only variables that processes name; any other key is unknown. */
function processVariablesOf(properties: Properties, catalogue: readonly ProcessDescription[]) {
  return Object.fromEntries(
    catalogue
      .flatMap(({ job }) => job.variables ?? [])
      .flatMap((name) => {
        const value = properties.get(`${processVariablePrefix}${name}`);
        return value === undefined ? [] : [[name, value]];
      }),
  );
}

function unlessEmpty<T extends object>(values: T): T | undefined {
  return Object.keys(values).length === 0 ? undefined : values;
}

function nonEmpty([first = 'en-US', ...rest]: readonly string[]): [string, ...string[]] {
  return [first, ...rest];
}
