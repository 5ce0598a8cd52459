import { z } from 'zod';
import { accountSettings } from './account-settings.ts';
import { apiSettings } from './api-settings.ts';
import { handlerSettings } from './handler-settings.ts';
import { mailSettings } from './mail-settings.ts';
import { networkSettings } from './network-settings.ts';
import {
  alarmSettings,
  budgetSettings,
  canarySettings,
  logSettings,
  outputSettings,
} from './operations-settings.ts';
import { priceSettings } from './prices.ts';
import { processSettings } from './process-settings.ts';
import { queueSettings } from './queue-settings.ts';
import { environmentNames, releaseSettings } from './release-settings.ts';
import { serviceSettings } from './service-settings.ts';
import { stateSettings } from './state-settings.ts';
import { tagSettings } from './tag-settings.ts';

/** Everything that differs between DEV, SYSTEST, RC and PROD. */
export const environmentSettings = z.strictObject({
  name: z
    .enum(environmentNames)
    .describe('Name of the stack, the Lambda alias, the API stage and the configuration’s folder.'),
  account: accountSettings.describe(
    'Where it is deployed: on the SHARED of the same account, region and prefix.',
  ),
  network: networkSettings.describe('Where jobs run.'),
  queues: z
    .strictObject({
      small: queueSettings.describe('Short jobs and test transactions.'),
      timeseries: queueSettings.describe('Long jobs with a small footprint.'),
      large: queueSettings.describe('Long jobs with big data.'),
    })
    .describe('The three queue classes; a process names the one its jobs wait in.'),
  processes: processSettings.describe('The processes on offer and their container images.'),
  release: releaseSettings.describe('What runs here.'),
  handler: handlerSettings.describe('How the functions run.'),
  service: serviceSettings.describe('What GetCapabilities says, and bounds on requests.'),
  mail: mailSettings
    .optional()
    .describe(
      'Who tells people by e-mail that their jobs were accepted and how they ended. Left out, no mail is sent. Needs `service.limits.mailDomains`.',
    ),
  api: apiSettings.describe('How clients reach the service.'),
  outputs: outputSettings.describe('Documents and outputs of jobs.'),
  logs: logSettings.describe('Logs of API and jobs.'),
  alarms: alarmSettings.describe('Who is notified when something is wrong.'),
  canary: canarySettings
    .optional()
    .describe(
      'The smoke test of the service on a schedule, with an alarm. Left out, no canary runs. It calls without credentials, so `api.access` must be `public`.',
    ),
  budget: budgetSettings.describe('What a month may cost.'),
  prices: priceSettings
    .optional()
    .describe(
      'List prices in US dollars that the cost of each job is estimated with. Left out, those of `environments/prices.ts` in their region, Sydney; elsewhere, costs are not estimated.',
    ),
  deletionProtection: z
    .boolean()
    .default(true)
    .describe(
      'Whether the stack refuses to be destroyed. To destroy it, set this to `false` and `outputs.deleteWithStack` to `true`, deploy, then destroy.',
    ),
  tags: tagSettings,
  state: stateSettings.describe('Where Terraform keeps the stack’s state.'),
});

export type Environment = z.infer<typeof environmentSettings>;
/** Settings as written in a data file: members with a default may be left out. */
export type EnvironmentData = z.input<typeof environmentSettings>;
