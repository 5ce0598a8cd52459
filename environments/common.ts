/**
 * Settings that SHARED and the four environments have in common. Fill in your account here; until then, plans
 * show which placeholders are used.
 */

import type { EnvironmentData } from './environment.ts';
import { unsetTag } from './tag-settings.ts';

export const account = {
  // id: '123456789012',
  region: 'ap-southeast-2',
} satisfies EnvironmentData['account'];

export const state = {
  // kind: 's3', bucket: 'my-terraform-state',
  kind: 'local',
} satisfies EnvironmentData['state'];

export const tags = {
  Owner: unsetTag,
  CostCentre: unsetTag,
} satisfies EnvironmentData['tags'];

export const alarms = {
  // email: 'operations@example.org',
} satisfies EnvironmentData['alarms'];

export const service = {
  title: 'Web Processing Service',
  abstract: 'Runs processes over geospatial data and keeps their outputs for collection.',
  keywords: ['WPS', 'geospatial'],
  provider: { name: 'Unnamed provider' },
} satisfies EnvironmentData['service'];

export const processes = {
  // GoGoDuck reads its layers from a WFS, and is not offered until this is set:
  withheld: ['gogoduck'],
} satisfies EnvironmentData['processes'];
