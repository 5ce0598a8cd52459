import { Agent, type Dispatcher, interceptors } from 'undici';

export interface HttpSettings {
  /** How often a request is retried if a server is busy, broken or unreachable. */
  readonly retries: number;
  /** Pause before the first retry; each further pause is twice as long. */
  readonly firstRetryMilliseconds: number;
  /** How long a server may be silent. */
  readonly silenceMilliseconds: number;
}

export const defaultHttpSettings: HttpSettings = {
  retries: 4,
  firstRetryMilliseconds: 1_000,
  silenceMilliseconds: 60_000,
};

/**
 * Retries requests that fail for a temporary reason; an interrupted download continues where it stopped.
 * Redirects are not followed, because they might lead anywhere.
 */
export function httpClient(settings: HttpSettings): Dispatcher {
  const { retries, firstRetryMilliseconds, silenceMilliseconds } = settings;
  return new Agent({
    connect: { timeout: Math.min(silenceMilliseconds, 10_000) },
    headersTimeout: silenceMilliseconds,
    bodyTimeout: silenceMilliseconds,
  }).compose(
    interceptors.retry({
      maxRetries: retries,
      minTimeout: firstRetryMilliseconds,
      maxTimeout: 30_000,
      timeoutFactor: 2,
      methods: ['GET'],
      statusCodes: [429, 500, 502, 503, 504],
    }),
  );
}

let ofAdvice: Dispatcher | undefined;

/** For answers that a person waits for. It does not wait for a busy server. */
export function adviceClient(): Dispatcher {
  ofAdvice ??= httpClient({ ...defaultHttpSettings, retries: 1, silenceMilliseconds: 5_000 });
  return ofAdvice;
}
