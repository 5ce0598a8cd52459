import { type QueueClass, queueClasses } from '../../batch-jobs/api/process-description.ts';
import type { Environment } from '../../environments/environment.ts';
import { pricesOfSydney, regionOfPrices } from '../../environments/prices.ts';
import { queuePrice } from '../../environments/queue-costs.ts';
import { isFargate } from '../../environments/queue-settings.ts';
import {
  fargateJobDefinitionKey,
  jobDefinitionKey,
  configurationKeys as keys,
  processVariablePrefix,
  queueKey,
  queueTraitKeys,
} from '../../lambda/configuration/configuration-keys.ts';
import { mapHostLimits, mapNumberLimits } from '../../lambda/configuration/limits.ts';
import { formatPrice } from '../../lambda/configuration/queue-traits.ts';
import type { OutputBucket } from './output-bucket.ts';

export interface ServicePropertiesProps {
  readonly environment: Environment;
  readonly jobNamePrefix: string;
  /** Base of every URL in the service's answers. */
  readonly endpoint: string;
  readonly outputs: OutputBucket;
  /** Without it, no mail is sent. */
  readonly mail?: { readonly from: string; readonly configurationSet: string };
  /** ARN of each queue. */
  readonly queues: Readonly<Record<QueueClass, string>>;
  /** ARN of each job definition, by the process's folder below `batch-jobs/`. */
  readonly definitions: Readonly<Record<string, string>>;
  /** As {@link definitions}, for queues on Fargate. */
  readonly fargateDefinitions: Readonly<Record<string, string>>;
}

/** The content of an environment's configuration file. */
export function serviceProperties(props: ServicePropertiesProps): Record<string, string> {
  const { account, outputs: outputSettings, service } = props.environment;
  const { provider, limits } = service;
  const { contact } = provider;
  const optional = {
    [keys.outputKmsKey]: outputSettings.kmsKeyArn,
    [keys.mailFrom]: props.mail?.from,
    [keys.mailConfigurationSet]: props.mail?.configurationSet,
    [keys.serviceAbstract]: service.abstract,
    [keys.serviceKeywords]: service.keywords.join(',') || undefined,
    [keys.serviceDocumentation]: service.documentation,
    [keys.providerSite]: provider.site,
    [keys.contactIndividualName]: contact.individualName,
    [keys.contactPositionName]: contact.positionName,
    [keys.contactVoice]: contact.voice,
    [keys.contactFacsimile]: contact.facsimile,
    [keys.contactDeliveryPoint]: contact.deliveryPoint,
    [keys.contactCity]: contact.city,
    [keys.contactAdministrativeArea]: contact.administrativeArea,
    [keys.contactPostalCode]: contact.postalCode,
    [keys.contactCountry]: contact.country,
    [keys.contactElectronicMailAddress]: contact.electronicMailAddress,
    [keys.allowOrigin]: service.allowOrigin,
    [keys.wpsVersion]: service.wpsVersion,
    ...Object.fromEntries(
      Object.values(mapNumberLimits(({ key }, name) => [key, limits[name]?.toString()] as const)),
    ),
    ...Object.fromEntries(
      Object.values(mapHostLimits(({ key }, name) => [key, limits[name]?.join(',')] as const)),
    ),
  };
  return {
    [keys.statusLocation]: props.endpoint,
    [keys.statusFilename]: 'status.xml',
    [keys.jobName]: props.jobNamePrefix,
    [keys.jobQueueName]: props.queues.small,
    ...Object.fromEntries(queueClasses.map((queue) => [queueKey(queue), props.queues[queue]])),
    ...Object.fromEntries(
      Object.entries(props.definitions).map(([image, arn]) => [jobDefinitionKey(image), arn]),
    ),
    ...Object.fromEntries(
      Object.entries(props.fargateDefinitions).map(([image, arn]) => [
        fargateJobDefinitionKey(image),
        arn,
      ]),
    ),
    ...Object.fromEntries(queueClasses.flatMap((queue) => traitsOf(queue, props.environment))),
    ...Object.fromEntries(
      // Only for processes that are offered.
      Object.entries(props.environment.processes.own)
        .filter(([image]) => image in props.definitions || image in props.fargateDefinitions)
        .flatMap(([, { variables }]) => Object.entries(variables))
        .map(([name, value]) => [`${processVariablePrefix}${name}`, value]),
    ),
    [keys.region]: account.region,
    [keys.outputBucket]: props.outputs.bucketName,
    [keys.retentionDays]: String(outputSettings.retentionDays),
    [keys.languages]: service.languages.join(','),
    [keys.serviceTitle]: service.title,
    [keys.serviceFees]: service.fees,
    [keys.serviceAccessConstraints]: service.accessConstraints,
    [keys.providerName]: provider.name,
    ...Object.fromEntries(
      Object.entries(optional).flatMap(([key, value]) =>
        value === undefined ? [] : [[key, value]],
      ),
    ),
  };
}

/** How the queue differs from one of machines whose jobs run in order, and what its jobs cost. */
function traitsOf(
  queue: QueueClass,
  { account, prices, queues }: Environment,
): readonly (readonly [string, string])[] {
  const settings = queues[queue];
  const known = prices ?? (account.region === regionOfPrices ? pricesOfSydney : undefined);
  return [
    ...(isFargate(settings) ? [[queueTraitKeys.platform(queue), 'FARGATE'] as const] : []),
    ...(settings.scheduling === 'fair-share'
      ? [[queueTraitKeys.scheduling(queue), settings.scheduling] as const]
      : []),
    ...(known
      ? [[queueTraitKeys.price(queue), formatPrice(queuePrice(settings, known))] as const]
      : []),
  ];
}
