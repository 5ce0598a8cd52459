import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultLimits, type WpsVersion, wpsVersions } from '../configuration/limits.ts';
import { defaultKeepDays, defaultWaitingJobs } from './embedded-defaults.ts';
import type { EmbeddedMail } from './embedded-options.ts';

const mebibyte = 1024 * 1024;
const defaultRequestMebibytes = defaultLimits.maxRequestBytes / mebibyte;

/** The options of `npm start`. */
export interface LocalOptions {
  readonly port: number;
  /** Absolute path of an existing folder. */
  readonly dataDir: string;
  /** Absolute path of an existing folder. */
  readonly layersDir: string;
  /** Absolute path of an existing folder. */
  readonly processesDir?: string;
  /** Hosts that input references may name. */
  readonly referenceHosts: readonly string[];
  /** Hosts that clients may name for news of their jobs. */
  readonly callbackHosts: readonly string[];
  /** If left out, no mail is sent. */
  readonly mail?: EmbeddedMail;
  /** Domains that mail may go to; if empty, any domain. */
  readonly mailDomains: readonly string[];
  /** Whether to offer the process that test suites run against. */
  readonly testProcess: boolean;
  /** Largest request, in bytes. */
  readonly maxRequestBytes: number;
  readonly allowHosts: readonly string[];
  readonly allowOrigin?: string;
  readonly wpsVersion: WpsVersion;
  readonly keepDays: number;
  readonly waitingJobs: number;
}

/** Options with which the service cannot start, described for the user. */
export class OptionFault extends Error {
  override readonly name = 'OptionFault';
}

export const usage = `usage: npm start -- [options]

  --port N             port on 127.0.0.1 (default 8080; 0 takes a free one)
  --data-dir FOLDER    documents, outputs and queue (default .wps)
  --layers-dir FOLDER  one folder of NetCDF files per layer (default <data-dir>/layers); not used
                       where GOGODUCK_WFS_URL or GOGODUCK_ZARR_URL says where layers are
  --processes-dir FOLDER
                       processes of your own: one folder with a process.yaml per process. Changes
                       are taken up while the service runs
  --reference-host HOST
                       a host that inputs may be fetched from: data.example.org, or
                       *.example.org for all below it; may be given several times
  --callback-host HOST a host that clients may be told at how their jobs get on, as
                       --reference-host; may be given several times
  --mail-from ADDRESS  tells people by e-mail how their jobs get on, as this sender:
                       wps@example.org, or 'WPS <wps@example.org>'
  --smtp-url URL       server that takes the mails: smtp://user:password@host:587, or smtps://
  --mail-folder FOLDER writes the mails as files instead, to look at what would be sent
  --mail-domain DOMAIN a domain that mail may go to: example.org, or *.example.org for all below
                       it; may be given several times (default: any)
  --without-test-process
                       does not offer echo-inputs, which test suites run against
  --max-request-mib N  largest request, in MiB (default ${defaultRequestMebibytes})
  --keep-days N        days that a job is kept once it has ended (default ${defaultKeepDays})
  --waiting-jobs N     jobs that may wait; more are refused (default ${defaultWaitingJobs})
  --allow-host HOST    a name the service may be called by, besides localhost, such as that of a
                       tunnel; may be given several times
  --allow-origin ORIGIN
                       whose pages may call it from a browser: https://portal.example.org, or * for
                       any (default: none)
  --wps-version N      version of WPS for clients that name none: 1.0.0 or 2.0.0 (default 1.0.0)
  -h, --help           prints this
`;

/**
 * @param args arguments of the command line
 * @returns undefined if the user asks for help
 * @throws {OptionFault} with the option, the value found and the allowed values
 */
export function parseOptions(args: readonly string[]): LocalOptions | undefined {
  const given = parseGiven(args);
  if (given.help) return undefined;
  const dataDir = resolve(given['data-dir']);
  const allowOrigin = given['allow-origin'];
  const processesDir = given['processes-dir'];
  return {
    port: wholeNumber('port', given.port, 0, 65535),
    keepDays: wholeNumber('keep-days', given['keep-days'], 1, 36_500),
    waitingJobs: wholeNumber('waiting-jobs', given['waiting-jobs'], 1, 1_000_000),
    ...(processesDir === undefined
      ? {}
      : { processesDir: readableFolder('processes-dir', processesDir, 'process') }),
    referenceHosts: given['reference-host'].map((host) => referenceHost('reference-host', host)),
    callbackHosts: given['callback-host'].map((host) => referenceHost('callback-host', host)),
    ...mailOf(given),
    mailDomains: given['mail-domain'].map((domain) => referenceHost('mail-domain', domain)),
    testProcess: !given['without-test-process'],
    maxRequestBytes: wholeNumber('max-request-mib', given['max-request-mib'], 1, 1024) * mebibyte,
    allowHosts: given['allow-host'].map(hostName),
    ...(allowOrigin === undefined ? {} : { allowOrigin: origin(allowOrigin) }),
    wpsVersion: wpsVersion(given['wps-version']),
    dataDir: dataFolder(given['data-dir'], dataDir),
    layersDir:
      given['layers-dir'] === undefined
        ? made('data-dir', join(dataDir, 'layers'))
        : readableFolder('layers-dir', given['layers-dir'], 'layer'),
  };
}

function parseGiven(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string', default: '8080' },
        'data-dir': { type: 'string', default: '.wps' },
        'layers-dir': { type: 'string' },
        'processes-dir': { type: 'string' },
        'reference-host': { type: 'string', multiple: true, default: [] },
        'callback-host': { type: 'string', multiple: true, default: [] },
        'mail-from': { type: 'string' },
        'smtp-url': { type: 'string' },
        'mail-folder': { type: 'string' },
        'mail-domain': { type: 'string', multiple: true, default: [] },
        'without-test-process': { type: 'boolean', default: false },
        'max-request-mib': { type: 'string', default: String(defaultRequestMebibytes) },
        'keep-days': { type: 'string', default: String(defaultKeepDays) },
        'waiting-jobs': { type: 'string', default: String(defaultWaitingJobs) },
        'allow-host': { type: 'string', multiple: true, default: [] },
        'allow-origin': { type: 'string' },
        'wps-version': { type: 'string', default: '1.0.0' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw new OptionFault(error instanceof Error ? error.message : String(error));
  }
}

/** A sender, and one way to send its mails. */
function mailOf({
  'mail-from': from,
  'smtp-url': smtpUrl,
  'mail-folder': folder,
}: Pick<ReturnType<typeof parseGiven>, 'mail-from' | 'smtp-url' | 'mail-folder'>): {
  readonly mail?: EmbeddedMail;
} {
  if (from === undefined) {
    if (smtpUrl === undefined && folder === undefined) return {};
    throw new OptionFault('option --mail-from is missing; allowed: an address as wps@example.org');
  }
  if (!/^([^<>@]* <[^@\s<>,;]+@[^@\s<>,;]+>|[^@\s<>,;]+@[^@\s<>,;]+)$/.test(from)) {
    throw fault('mail-from', from, "wps@example.org, or 'WPS <wps@example.org>'");
  }
  if (smtpUrl !== undefined && folder !== undefined) {
    throw new OptionFault('options --smtp-url and --mail-folder are both given; allowed: one');
  }
  if (folder !== undefined) return { mail: { from, folder: made('mail-folder', resolve(folder)) } };
  if (smtpUrl === undefined) {
    throw new OptionFault(
      'option --mail-from needs --smtp-url, or --mail-folder; neither is given',
    );
  }
  if (!/^smtps?:\/\/[^/\s]+/.test(smtpUrl) || !URL.canParse(smtpUrl)) {
    // Do not repeat the value: it may contain a password.
    throw new OptionFault(
      'option --smtp-url is not such a URL; allowed: smtp://host:25, or smtps://',
    );
  }
  return { mail: { from, smtpUrl } };
}

function fault(option: string, found: string, allowed: string): OptionFault {
  return new OptionFault(`option --${option} is "${found}"; allowed: ${allowed}`);
}

function wholeNumber(option: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= least && number <= most) return number;
  throw fault(option, text, `${least} to ${most}`);
}

function hostName(text: string): string {
  if (/^([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])$/.test(text)) return text;
  throw fault('allow-host', text, 'a host name or address, without a port');
}

function origin(text: string): string {
  const isOrigin = /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;
  if (text === '*' || isOrigin) return text;
  throw fault('allow-origin', text, '*, or an origin such as https://portal.example.org');
}

function wpsVersion(text: string): WpsVersion {
  const version = wpsVersions.find((each) => each === text);
  if (version) return version;
  throw fault('wps-version', text, wpsVersions.join(', '));
}

function dataFolder(given: string, path: string): string {
  if (existsSync(path) && !statSync(path).isDirectory()) {
    throw fault('data-dir', given, 'a folder, which is made if need be');
  }
  made('data-dir', path);
  if (!works(() => readdirSync(path)) || !works(() => write(path))) {
    throw fault('data-dir', given, 'a folder that the service may read and write');
  }
  return path;
}

function readableFolder(option: string, given: string, each: string): string {
  const path = resolve(given);
  if (!(statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false)) {
    throw fault(option, given, `a folder that contains one folder per ${each}`);
  }
  if (!works(() => readdirSync(path))) {
    throw fault(option, given, 'a folder that the service may read');
  }
  return path;
}

function referenceHost(option: string, text: string): string {
  if (/^(\*\.)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/.test(text)) return text.toLowerCase();
  throw fault(option, text, 'data.example.org, or *.example.org for all hosts below it');
}

function made(option: string, path: string): string {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return path;
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new OptionFault(
      `option --${option}: folder ${path} could not be made (${why}); allowed: a folder in ${dirname(path)}, which the service must be allowed to write to`,
    );
  }
}

/** Whether an attempt succeeds; a permission check alone passes even on a read-only file system. */
function works(attempt: () => void): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}

function write(folder: string): void {
  rmdirSync(mkdtempSync(join(folder, '.probe-')));
}
