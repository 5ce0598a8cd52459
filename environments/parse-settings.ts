import type { z } from 'zod';

/** One thing wrong with the settings: where, and what. */
export interface SettingsFault {
  /** Data set and path in it: `DEV.queues.small.minVcpus`. */
  readonly path: string;
  readonly message: string;
}

/** Settings that cannot be used; the message lists every fault, a line each. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly faults: readonly SettingsFault[];

  constructor(faults: readonly SettingsFault[]) {
    const lines = faults.map(({ path, message }) => `  ${path}: ${message}`);
    super(`the settings in environments/ cannot be used:\n${lines.join('\n')}`);
    this.faults = faults;
  }
}

/** The settings with their defaults filled in, or everything that is wrong with them. */
export function parseSettings<S extends z.ZodType>(
  schema: S,
  data: unknown,
  name: string,
): { settings: z.infer<S> } | { faults: readonly SettingsFault[] } {
  const result = schema.safeParse(data, { reportInput: true });
  if (result.success) return { settings: result.data };
  const faults = result.error.issues.map((issue) => ({
    path: [name, ...issue.path.map(String)].join('.'),
    message: `${issue.message}${found(issue)}`,
  }));
  return { faults };
}

function found({ code, input }: z.core.$ZodIssue): string {
  // These say themselves what they found.
  if (code === 'unrecognized_keys' || code === 'invalid_type') return '';
  const isRecord = typeof input === 'object' && !Array.isArray(input);
  return input === undefined || isRecord ? '' : ` (found ${JSON.stringify(input)})`;
}
