import { z } from 'zod';
import { environmentNames } from './release-settings.ts';

const version = z.int().min(1);

/** Which published version of the functions the environment's aliases point at. */
export const handlerSettings = z.discriminatedUnion('version', [
  z.strictObject({ version: z.literal('newest') }).describe('What SHARED published last.'),
  z
    .strictObject({
      version: z.literal('promoted'),
      from: z
        .enum(environmentNames)
        .describe('Environment whose version is taken, as it is when this one is deployed.'),
    })
    .describe('What another environment runs: the promotion of a tested version.'),
  z
    .strictObject({
      version: z.literal('pinned'),
      wps: version.describe('Version of the function that answers requests.'),
      jobEvents: version.describe('Version of the function that follows jobs.'),
    })
    .describe(
      'These numbers: the rollback. Every deployment prints the numbers it deployed (`wps_version`, `job_events_version`).',
    ),
]);

export type HandlerSettings = z.infer<typeof handlerSettings>;
