import { account, alarms, state, tags } from './common.ts';
import type { SharedEnvironmentData } from './shared-settings.ts';

export const shared: SharedEnvironmentData = {
  account,
  logs: { retentionDays: 90 },
  alarms,
  tags,
  state,
};
