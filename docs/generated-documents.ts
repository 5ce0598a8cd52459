import { generateConfiguration } from './generate-configuration.ts';
import { generateConformance } from './generate-conformance.ts';
import { generateCosts } from './generate-costs.ts';
import { generateEnvironmentSettings } from './generate-environment-settings.ts';
import { generateProcessSchema } from './generate-process-schema.ts';
import { generateProcesses } from './generate-processes.ts';

/** Documents that are generated from the code they describe, by their path in this folder. */
export const generatedDocuments: Readonly<Record<string, () => Promise<string>>> = {
  'configuration.md': generateConfiguration,
  'conformance.md': generateConformance,
  'costs.md': async () => generateCosts(),
  'environment-settings.md': async () => generateEnvironmentSettings(),
  'processes.md': generateProcesses,
  '../batch-jobs/process.schema.json': async () => generateProcessSchema(),
};
