import { z } from 'zod';

const executions = z.int().min(1).max(10_000);

/** How the environment's functions run. */
export const handlerSettings = z.strictObject({
  memoryMiB: z
    .int()
    .min(128)
    .max(10_240)
    .default(1024)
    .describe('Memory of each function; CPU comes in proportion (1769 MiB are one vCPU).'),
  concurrency: z
    .discriminatedUnion('kind', [
      z
        .strictObject({
          kind: z.literal('reserved'),
          requests: executions.describe('Requests answered at once; more are refused.'),
          jobEvents: executions.describe('Events of jobs followed at once; more wait.'),
        })
        .describe(
          'Executions at once that are set aside for the environment, and bound it. All environments of an account share what Lambda allows the account.',
        ),
      z
        .strictObject({ kind: z.literal('unreserved') })
        .describe(
          'What the account has left. A flood in one environment may then keep the others from running; for accounts whose quota is too small to share out.',
        ),
    ])
    .describe('Executions of the functions at once.'),
});

export type HandlerSettings = z.infer<typeof handlerSettings>;
