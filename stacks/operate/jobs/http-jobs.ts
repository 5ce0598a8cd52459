import type { ServiceTarget } from '../target.ts';
import { OperatorFault } from '../terminal.ts';
import { type JobDesk, type JobView, noSuchJob } from './job-desk.ts';

/** The service may be busy; an answer that takes longer than this will not come. */
const answerMilliseconds = 60_000;

interface Described {
  readonly processID: string;
  readonly inputs: unknown;
  readonly outputs: unknown;
}

interface Messages {
  readonly messages: readonly {
    readonly time: string;
    readonly status: string;
    readonly progress: number;
    readonly message: string;
  }[];
}

/** Uses a service over OGC API - Processes. */
export function httpJobs({ baseUrl, headers }: ServiceTarget): JobDesk {
  const ask = async (path: string, init: RequestInit = {}): Promise<unknown> => {
    const url = new URL(path, baseUrl);
    const response = await fetch(url, {
      ...init,
      headers: {
        accept: 'application/json',
        ...headers,
        ...Object.fromEntries(new Headers(init.headers)),
      },
      signal: AbortSignal.timeout(answerMilliseconds),
    }).catch((error: unknown) => {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      throw new OperatorFault(
        `${url.origin} does not answer (${cause instanceof Error ? cause.message : String(cause)}). Is the service running?`,
      );
    });
    const text = await response.text();
    const body = jsonIn(text);
    if (response.ok && body !== undefined) return body;
    const [, id] = /^jobs\/([^/?]+)/.exec(path) ?? [];
    if (response.status === 404 && id !== undefined) {
      throw new OperatorFault(noSuchJob(decodeURIComponent(id)));
    }
    const { detail, title } = (body ?? {}) as { readonly detail?: string; readonly title?: string };
    throw new OperatorFault(
      `${init.method ?? 'GET'} ${url.pathname} was answered with HTTP ${response.status}: ${detail ?? title ?? text.slice(0, 300)}`,
    );
  };
  const job = (id: string) => `jobs/${encodeURIComponent(id)}`;
  const view = (found: unknown): JobView => {
    const { links: _, type: __, ...rest } = found as JobView & { links?: unknown; type?: unknown };
    return rest;
  };
  return {
    list: async ({ process, status, limit }) => {
      const query = new URLSearchParams({ limit: String(limit) });
      if (process !== undefined) query.set('processID', process);
      if (status !== undefined) query.set('status', status);
      const { jobs } = (await ask(`jobs?${query}`)) as { readonly jobs: readonly unknown[] };
      return jobs.map(view);
    },
    show: async (id) => view(await ask(job(id))),
    log: async (id) => {
      const { messages } = (await ask(`${job(id)}/log`)) as Messages;
      return messages.map(({ time, status, progress, message }, at) => ({
        id: String(at),
        at: time,
        text: `${status} ${progress} % ${message}`,
      }));
    },
    logRemark:
      'These are the messages of the job; what its program prints is on the standard error of the service.',
    dismiss: async (id) => view(await ask(job(id), { method: 'DELETE' })),
    runAgain: async (id) => {
      const { processID, inputs, outputs } = (await ask(`${job(id)}/inputs`)) as Described;
      const started = await ask(`processes/${encodeURIComponent(processID)}/execution`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', prefer: 'respond-async' },
        body: JSON.stringify({ inputs, outputs }),
      });
      return view(started);
    },
  };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
