import { account, state, tags } from './common.ts';
import type { SharedEnvironmentData } from './shared-settings.ts';

export const shared: SharedEnvironmentData = {
  account,
  logs: { retentionDays: 90 },
  tags,
  state,
};
