import type { Log } from '../../batch-jobs/api/log.ts';
import type { ProcessDescription } from '../../batch-jobs/api/process-description.ts';
import type { Metrics } from '../jobs/metrics.ts';
import { unlessPassed } from '../jobs/request-deadline.ts';
import type { AwsConfiguration } from './configuration.ts';
import { parseConfiguration } from './parse-configuration.ts';

/** A file of the configuration bucket. */
export interface ConfigurationFile {
  readonly text: string;
  readonly etag: string;
}

/**
 * Fetches a file.
 *
 * @param known ETag of the version that the caller has
 * @returns undefined if there is no file; `unchanged` if the caller has the current version
 */
export type FetchConfigurationFile = (
  key: string,
  known?: string,
) => Promise<ConfigurationFile | 'unchanged' | undefined>;

export interface ConfigurationSourceSettings {
  readonly bucket: string;
  /** Name of the file below each alias's folder. */
  readonly filename: string;
  readonly fetch: FetchConfigurationFile;
  readonly catalogue: readonly ProcessDescription[];
  /** Age after which a configuration is read again. */
  readonly timeToLiveMilliseconds: number;
  /** Time since the configuration was last confirmed after which a request waits for a new read. */
  readonly staleMilliseconds: number;
  /** How long such a request waits, in milliseconds. */
  readonly patienceMilliseconds: number;
  readonly now: () => Date;
  /** Log and metrics of one environment. */
  readonly watch: (alias: string) => { readonly log: Log; readonly metrics: Metrics };
}

interface Held {
  readonly configuration: AwsConfiguration;
  readonly etag: string;
  /** When its file was last seen, in milliseconds. */
  readonly seenAt: number;
}

/**
 * The configurations of the environments that call this process: `<bucket>/<alias>/<file>`.
 *
 * The first call for an alias waits for its file. A cached file older than its time to live is read again in
 * the background; a call after a long silence waits for that for a limited time. If the file cannot be read,
 * is missing or has faults, the last good configuration stays in force; log and metrics report this at each
 * attempt.
 *
 * Lambda freezes the process between calls, including its background work. For that reason one interrupted
 * read is no fault, but two in a row are.
 */
export class ConfigurationSource {
  readonly #settings: ConfigurationSourceSettings;
  readonly #held = new Map<string, Held>();
  readonly #lookedAt = new Map<string, number>();
  /** Aliases whose file could not be read at the last attempt. */
  readonly #unread = new Set<string>();
  readonly #firstReads = new Map<string, Promise<AwsConfiguration>>();

  constructor(settings: ConfigurationSourceSettings) {
    this.#settings = settings;
  }

  /** @throws {ConfigurationFault | Error} if there has never been a good configuration */
  async of(alias: string): Promise<AwsConfiguration> {
    const held = this.#held.get(alias);
    if (!held) return await this.#firstRead(alias);
    if (!this.#isOld(alias)) return held.configuration;
    const refresh = this.#refresh(alias, held);
    const { now, staleMilliseconds, patienceMilliseconds } = this.#settings;
    if (now().getTime() - held.seenAt >= staleMilliseconds) {
      await unlessPassed(AbortSignal.timeout(patienceMilliseconds), refresh).catch(() => undefined);
    }
    return (this.#held.get(alias) ?? held).configuration;
  }

  #isOld(alias: string): boolean {
    const age = this.#settings.now().getTime() - (this.#lookedAt.get(alias) ?? 0);
    return age >= this.#settings.timeToLiveMilliseconds;
  }

  /** Simultaneous callers share one read. A failure is not cached, so the next caller tries again. */
  #firstRead(alias: string): Promise<AwsConfiguration> {
    const reading =
      this.#firstReads.get(alias) ??
      this.#read(alias).finally(() => this.#firstReads.delete(alias));
    this.#firstReads.set(alias, reading);
    return reading;
  }

  async #read(alias: string): Promise<AwsConfiguration> {
    try {
      this.#lookedAt.set(alias, this.#settings.now().getTime());
      const file = await this.#settings.fetch(this.#key(alias));
      if (!file || file === 'unchanged') throw new Error(`${this.#place(alias)} is not there`);
      return this.#take(alias, file).configuration;
    } catch (error) {
      this.#settings.watch(alias).metrics.configurationFault();
      throw error;
    }
  }

  async #refresh(alias: string, held: Held): Promise<void> {
    const startedAt = this.#settings.now().getTime();
    this.#lookedAt.set(alias, startedAt);
    const { log, metrics } = this.#settings.watch(alias);
    const stays = 'the configuration was not renewed; the last good one stays';
    let file: Awaited<ReturnType<FetchConfigurationFile>>;
    try {
      file = await this.#settings.fetch(this.#key(alias), held.etag);
    } catch (error) {
      // A read that was frozen may fail after a later read succeeded.
      if ((this.#held.get(alias) ?? held).seenAt > startedAt) return;
      if (this.#unread.has(alias)) metrics.configurationFault();
      this.#unread.add(alias);
      log.error(stays, {}, error);
      return;
    }
    // Or it may succeed after a later read.
    if (this.#lookedAt.get(alias) !== startedAt) return;
    this.#unread.delete(alias);
    if (file === 'unchanged') {
      this.#held.set(alias, { ...held, seenAt: startedAt });
      return;
    }
    try {
      if (!file) throw new Error(`${this.#place(alias)} is no longer there`);
      this.#take(alias, file);
      log.info('a new configuration is in force');
    } catch (error) {
      metrics.configurationFault();
      log.error(stays, {}, error);
    }
  }

  #take(alias: string, { text, etag }: ConfigurationFile): Held {
    const { configuration, unknownKeys } = parseConfiguration(
      text,
      this.#place(alias),
      alias,
      this.#settings.catalogue,
    );
    if (unknownKeys.length > 0) {
      const { log } = this.#settings.watch(alias);
      log.warn('the configuration has keys that mean nothing here', {
        keys: unknownKeys.join(', '),
      });
    }
    const held = { configuration, etag, seenAt: this.#settings.now().getTime() };
    this.#held.set(alias, held);
    return held;
  }

  #key(alias: string): string {
    return `${alias}/${this.#settings.filename}`;
  }

  #place(alias: string): string {
    return `s3://${this.#settings.bucket}/${this.#key(alias)}`;
  }
}
