import type { z } from 'zod';

/** A fault in the settings: its place, and what is wrong. */
export interface SettingsFault {
  /** Data file and path in it: `DEV.queues.small.minVcpus`. */
  readonly path: string;
  readonly message: string;
}

/** Settings that cannot be used. The message lists every fault, one per line. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly faults: readonly SettingsFault[];

  constructor(faults: readonly SettingsFault[]) {
    const lines = faults.map(({ path, message }) => `  ${path}: ${message}`);
    super(`the settings in environments/ cannot be used:\n${lines.join('\n')}`);
    this.faults = faults;
  }
}

/** The settings with their defaults, or every fault in them. */
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
  // These messages already say what was found.
  if (code === 'unrecognized_keys' || code === 'invalid_type') return '';
  const isRecord = typeof input === 'object' && !Array.isArray(input);
  return input === undefined || isRecord ? '' : ` (found ${JSON.stringify(input)})`;
}
