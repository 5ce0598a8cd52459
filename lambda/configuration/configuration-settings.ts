import * as z from 'zod/mini';
import { longestRetentionDays } from '../../batch-jobs/api/job-expiry.ts';
import { configurationKeys as keys } from './configuration-keys.ts';
import {
  hostLimits,
  longestHostList,
  type NumberLimitName,
  numberLimits,
  wpsVersions,
} from './limits.ts';

/** Describes a key to people who write the file, and in messages about faults. */
export interface SettingDescription {
  readonly meaning: string;
  readonly allowed: string;
  /** As written in the file; undefined if there is no default. */
  readonly default?: string;
  readonly isRequired: boolean;
}

type Check<T> = { readonly allowed: string; readonly schema: z.ZodMiniType<T, string> };

function text(allowed: string, pattern: RegExp): Check<string> {
  return { allowed, schema: z.string().check(z.regex(pattern)) };
}

const anything = text('any text', /./);
const webAddress = text('an http or https URL', /^https?:\/\/[^\s/]+(\/\S*)?$/);

/** A name consists of letters, digits, spaces and hyphens, so that it needs no quotes. */
const mailSender = /^([A-Za-z0-9 -]+ <[^@\s<>,;]+@[A-Za-z0-9.-]+>|[^@\s<>,;]+@[A-Za-z0-9.-]+)$/;

function integer(minimum: number, maximum: number): Check<number> {
  return {
    allowed: `a whole number, ${minimum} to ${maximum}`,
    schema: z.pipe(
      z.string().check(z.regex(/^\d{1,15}$/)),
      z.pipe(z.transform(Number), z.number().check(z.minimum(minimum), z.maximum(maximum))),
    ),
  };
}

/** @param longest characters of all items together, including commas */
function list(what: string, pattern: RegExp, longest?: number): Check<string[]> {
  const items = z.transform((value: string) => value.split(',').map((item) => item.trim()));
  return {
    allowed:
      longest === undefined
        ? `${what}, separated by commas`
        : `${what}, separated by commas, at most ${longest} characters`,
    schema: z.pipe(
      z.string().check(z.maxLength(longest ?? Number.MAX_SAFE_INTEGER)),
      z.pipe(items, z.array(z.string().check(z.regex(pattern))).check(z.minLength(1))),
    ),
  };
}

function endingInSlash({ allowed, schema }: Check<string>): Check<string> {
  return {
    allowed,
    schema: z.pipe(
      schema,
      z.transform((value: string) => (value.endsWith('/') ? value : `${value}/`)),
    ),
  };
}

/** The description of each key: every schema of {@link settings} is registered here. */
export const settingDescriptions = z.registry<SettingDescription>();

function required<T>({ allowed, schema }: Check<T>, meaning: string) {
  return schema.register(settingDescriptions, { meaning, allowed, isRequired: true });
}

function optional<T>({ allowed, schema }: Check<T>, meaning: string) {
  return z.optional(schema).register(settingDescriptions, { meaning, allowed, isRequired: false });
}

function defaulted<T>({ allowed, schema }: Check<T>, value: string, meaning: string) {
  return z
    .prefault(schema, value)
    .register(settingDescriptions, { meaning, allowed, default: value, isRequired: false });
}

type NumberKey = (typeof numberLimits)[NumberLimitName]['key'];

function hosts(meaning: string) {
  const pattern = /^(\*\.)?[A-Za-z0-9.-]+$/;
  return optional(
    list('host names, or `*.example.org` for all below one', pattern, longestHostList),
    meaning,
  );
}

/** The numbers by their keys in the file. */
const numbers = Object.fromEntries(
  Object.values(numberLimits).map(({ key, minimum, maximum, default: standard, meaning }) => [
    key,
    defaulted(integer(minimum, maximum), String(standard), meaning),
  ]),
) as Record<NumberKey, ReturnType<typeof defaulted<number>>>;

/**
 * Every key of a configuration file with a fixed name. Queues and job definitions have one key per class or
 * process: `queueKey`, `jobDefinitionKey`.
 */
export const settings = z.object({
  [keys.statusLocation]: required(
    endingInSlash(
      text('an http or https URL whose path ends in /wps/', /^https?:\/\/[^\s?#]+\/wps\/?$/),
    ),
    'Base of every URL the service hands out, such as `https://wps.example.org/wps/`.',
  ),
  [keys.statusFilename]: defaulted(
    text('letters, digits, `.`, `_` and `-`', /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/),
    'status.xml',
    'Name of a job’s status document in the bucket.',
  ),
  [keys.jobName]: defaulted(
    text('up to 60 letters, digits, `_` and `-`', /^[A-Za-z0-9][A-Za-z0-9_-]{0,59}$/),
    'wps',
    'Start of every Batch job’s name.',
  ),
  [keys.region]: required(
    text('an AWS region', /^[a-z]{2}(-[a-z]+)+-\d$/),
    'Region of the queues and of the bucket.',
  ),
  [keys.outputBucket]: required(
    text('the name of a bucket', /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/),
    'Where jobs’ documents and outputs are stored.',
  ),
  [keys.outputPrefix]: optional(
    endingInSlash(text('a path without a leading slash', /^[^/\s]\S*$/)),
    'Start of every key in that bucket.',
  ),
  [keys.outputKmsKey]: optional(
    anything,
    'KMS key (id, ARN or alias) that the objects are encrypted with; without it, S3’s own.',
  ),
  [keys.retentionDays]: optional(
    integer(1, longestRetentionDays),
    'How many days jobs and their outputs are kept after their end; the bucket’s lifecycle rules remove them. Each job shows users until when, unless this is left out.',
  ),
  [keys.languages]: defaulted(
    list('language tags (RFC 4646)', /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/),
    'en-US',
    'Languages on offer; the first is the default.',
  ),
  [keys.serviceTitle]: defaulted(anything, 'Web Processing Service', 'Title in the capabilities.'),
  [keys.serviceAbstract]: optional(anything, 'Abstract in the capabilities.'),
  [keys.serviceKeywords]: optional(list('keywords', /./), 'Keywords in the capabilities.'),
  [keys.serviceDocumentation]: optional(
    webAddress,
    'Page about the service for its users; the first page links to it.',
  ),
  [keys.serviceFees]: defaulted(anything, 'NONE', 'Fees in the capabilities.'),
  [keys.serviceAccessConstraints]: defaulted(
    anything,
    'NONE',
    'Access constraints in the capabilities.',
  ),
  [keys.providerName]: defaulted(anything, 'Unknown', 'Who provides the service.'),
  [keys.providerSite]: optional(webAddress, 'The provider’s site.'),
  [keys.contactIndividualName]: optional(anything, 'Whom to ask.'),
  [keys.contactPositionName]: optional(anything, 'Their position.'),
  [keys.contactVoice]: optional(anything, 'Their telephone number.'),
  [keys.contactFacsimile]: optional(anything, 'Their fax number.'),
  [keys.contactDeliveryPoint]: optional(anything, 'Street and number.'),
  [keys.contactCity]: optional(anything, 'City.'),
  [keys.contactAdministrativeArea]: optional(anything, 'State or province.'),
  [keys.contactPostalCode]: optional(anything, 'Postal code.'),
  [keys.contactCountry]: optional(anything, 'Country.'),
  [keys.contactElectronicMailAddress]: optional(
    text('a mail address', /^[^@\s]+@[^@\s]+$/),
    'Mail address.',
  ),
  [keys.mailFrom]: optional(
    text('an address, or a name with an address as `WPS <wps@example.org>`', mailSender),
    'Who mails on jobs come from, by Amazon SES; without it, none are sent.',
  ),
  [keys.mailConfigurationSet]: optional(
    text('letters, digits, `_` and `-`', /^[A-Za-z0-9_-]{1,64}$/),
    'Configuration set of Amazon SES that they are sent with.',
  ),
  [keys.allowOrigin]: defaulted(
    text('`*`, or an origin such as `https://portal.example.org`', /^(\*|https?:\/\/[^\s/,]+)$/),
    '*',
    'Origin whose pages may call the service from a browser; `*` for any.',
  ),
  [keys.wpsVersion]: defaulted(
    {
      allowed: wpsVersions.map((version) => `\`${version}\``).join(', '),
      schema: z.enum(wpsVersions),
    },
    '1.0.0',
    'Version of WPS that GetCapabilities is answered in where the client names none. OWS Common asks for the highest; old clients need 1.0.0.',
  ),
  ...numbers,
  [hostLimits.referenceHosts.key]: hosts(hostLimits.referenceHosts.meaning),
  [hostLimits.callbackHosts.key]: hosts(hostLimits.callbackHosts.meaning),
  [hostLimits.mailDomains.key]: optional(
    list('domains, `*.example.org` for all below one, or `*`', /^(\*|(\*\.)?[A-Za-z0-9.-]+)$/),
    hostLimits.mailDomains.meaning,
  ),
});

/** Names or ARNs of Batch resources. */
export const batchResource = {
  allowed: 'a name or an ARN',
  pattern: /^[A-Za-z0-9_:/.-]{1,256}$/,
} as const;
