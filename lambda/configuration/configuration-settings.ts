import * as z from 'zod/mini';
import { defaultLimits, type Limits } from './configuration.ts';
import { configurationKeys as keys } from './configuration-keys.ts';

/** What a key means, for whoever writes the file and for messages about what is wrong with it. */
export interface SettingDescription {
  readonly meaning: string;
  readonly allowed: string;
  /** As it would stand in the file; undefined when there is none. */
  readonly default?: string;
  readonly isRequired: boolean;
}

type Check<T> = { readonly allowed: string; readonly schema: z.ZodMiniType<T, string> };

function text(allowed: string, pattern: RegExp): Check<string> {
  return { allowed, schema: z.string().check(z.regex(pattern)) };
}

const anything = text('any text', /./);
const webAddress = text('an http or https URL', /^https?:\/\/[^\s/]+(\/\S*)?$/);

function integer(minimum: number, maximum: number): Check<number> {
  return {
    allowed: `a whole number, ${minimum} to ${maximum}`,
    schema: z.pipe(
      z.string().check(z.regex(/^\d{1,15}$/)),
      z.pipe(z.transform(Number), z.number().check(z.minimum(minimum), z.maximum(maximum))),
    ),
  };
}

/** @param longest characters of all items together, with their commas */
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

/** What each key means; every schema of {@link settings} is described here. */
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

function limit(
  name: Exclude<keyof Limits, 'referenceHosts' | 'callbackHosts'>,
  minimum: number,
  maximum: number,
  meaning: string,
) {
  return defaulted(integer(minimum, maximum), String(defaultLimits[name]), meaning);
}

const mebibyte = 1024 * 1024;

/**
 * Each submission carries the hosts, and AWS Batch takes no more than 8192 characters of overrides
 * in all.
 */
const referenceHostsLength = 4096;

/**
 * Every key of a configuration file that is named alike everywhere. Queues and job definitions have
 * a key a class and a process: `queueKey`, `jobDefinitionKey`.
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
    'Where jobs’ documents and outputs lie.',
  ),
  [keys.outputPrefix]: optional(
    endingInSlash(text('a path without a leading slash', /^[^/\s]\S*$/)),
    'Start of every key in that bucket.',
  ),
  [keys.outputKmsKey]: optional(
    anything,
    'KMS key (id, ARN or alias) that the objects are encrypted with; without it, S3’s own.',
  ),
  [keys.languages]: defaulted(
    list('language tags (RFC 4646)', /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/),
    'en-US',
    'Languages on offer; the first is the default.',
  ),
  [keys.serviceTitle]: defaulted(anything, 'Web Processing Service', 'Title in the capabilities.'),
  [keys.serviceAbstract]: optional(anything, 'Abstract in the capabilities.'),
  [keys.serviceKeywords]: optional(list('keywords', /./), 'Keywords in the capabilities.'),
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
  [keys.allowOrigin]: defaulted(
    text('`*`, or an origin such as `https://portal.example.org`', /^(\*|https?:\/\/[^\s/,]+)$/),
    '*',
    'Origin whose pages may call the service from a browser; `*` for any.',
  ),
  [keys.maxRequestBytes]: limit(
    'maxRequestBytes',
    1024,
    4_500_000,
    'Largest request body, in bytes; Lambda is passed 6 MB, as base64.',
  ),
  [keys.inlineOutputBytes]: limit(
    'inlineOutputBytes',
    0,
    4 * mebibyte,
    'Largest output given inside the status document, in bytes; larger ones become references. So do all where the document would have more than 5 MB; where its inputs alone have as much, it has no lineage.',
  ),
  [keys.syncTimeoutSeconds]: limit(
    'syncTimeoutSeconds',
    0,
    24,
    'How long an Execute that wants its result at once is under way before it is told to come back; API Gateway ends a call after 29 s, and what is left is for the answer.',
  ),
  [keys.outputLinkSeconds]: limit(
    'outputLinkSeconds',
    1,
    3600,
    'How long a signed link to an output opens it; no longer than the credentials of the function’s role live.',
  ),
  [keys.jobOverdueSeconds]: limit(
    'jobOverdueSeconds',
    1,
    24 * 3600,
    'How long a job may be silent before Batch is asked about it.',
  ),
  [keys.maxUnfinishedJobs]: limit(
    'maxUnfinishedJobs',
    1,
    100_000,
    'Jobs that may wait or run at once; an Execute beyond them is refused with `ServerBusy`.',
  ),
  [keys.referenceHosts]: optional(
    list(
      'host names, or `*.example.org` for all below one',
      /^(\*\.)?[A-Za-z0-9.-]+$/,
      referenceHostsLength,
    ),
    'Hosts that input references may name; without it, references are refused.',
  ),
  [keys.referenceMaxBytes]: limit(
    'referenceMaxBytes',
    1,
    1024 ** 4,
    'Largest input fetched from a reference, in bytes.',
  ),
  [keys.referenceTimeoutSeconds]: limit(
    'referenceTimeoutSeconds',
    1,
    3600,
    'How long fetching one reference may take in all.',
  ),
  [keys.callbackHosts]: optional(
    list('host names, or `*.example.org` for all below one', /^(\*\.)?[A-Za-z0-9.-]+$/),
    'Hosts that clients may be told at how their jobs get on (OGC API - Processes, `subscriber`); without it, subscribers are refused.',
  ),
});

/** Names or ARNs of Batch's. */
export const batchResource = {
  allowed: 'a name or an ARN',
  pattern: /^[A-Za-z0-9_:/.-]{1,256}$/,
} as const;
