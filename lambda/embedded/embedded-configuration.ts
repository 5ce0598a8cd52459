import type { ProcessDescription } from '../../batch-jobs/api/process-description.ts';
import type { Configuration } from '../configuration/configuration.ts';
import type { Limits } from '../configuration/limits.ts';

/** Used in place of an environment's name in records, keys and logs. */
export const environmentName = 'local';

export const serviceTitle = 'Web Processing Service';

/** @param testProcess whether to offer the process that test suites run against */
export function offeredIdentifiers(
  processes: readonly ProcessDescription[],
  testProcess: boolean,
): readonly string[] {
  return processes
    .filter(({ isForTests = false }) => !isForTests || testProcess)
    .map(({ identifier }) => identifier);
}

/** The settings that are in the configuration bucket on AWS. */
export function embeddedConfiguration(
  baseUrl: string,
  statusFilename: string,
  limits: Limits,
): Omit<Configuration, 'processes'> {
  return {
    environment: environmentName,
    baseUrl,
    statusFilename,
    identification: {
      title: serviceTitle,
      abstract: 'Subsets and aggregates gridded data. Embedded mode, on one machine.',
      keywords: ['WPS', 'NetCDF', 'aggregation'],
      fees: 'NONE',
      accessConstraints: 'NONE',
    },
    provider: { name: 'your own machine', contact: {} },
    languages: ['en-US'],
    limits,
  };
}

/**
 * The source of layers: the folder, unless the environment names a WFS or Zarr stores.
 *
 * @param environment variables of the service
 */
export function layerVariables(
  environment: Readonly<Record<string, string | undefined>>,
  layersDir: string,
): Readonly<Record<string, string>> {
  const isElsewhere = environment['GOGODUCK_WFS_URL'] || environment['GOGODUCK_ZARR_URL'];
  return isElsewhere ? {} : { GOGODUCK_LAYERS_DIR: layersDir };
}
