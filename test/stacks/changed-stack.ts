import type { ProcessDescription } from '../../batch-jobs/api/process-description.ts';
import { catalogue } from '../../batch-jobs/catalogue.ts';
import type { EnvironmentData } from '../../environments/environment.ts';
import { installationData } from '../../environments/index.ts';
import { type SynthesisedConfiguration, samplePlatform } from './sample-platform.ts';

/**
 * The stack of a shipped environment with some settings changed.
 *
 * @param processes the processes that may be offered, if not the project's own
 */
export async function changedStack(
  base: EnvironmentData,
  change: Partial<EnvironmentData>,
  processes: readonly ProcessDescription[] = catalogue,
): Promise<SynthesisedConfiguration | undefined> {
  const known = new Set(processes.map(({ job }) => job.image));
  const settings = { ...base, ...change };
  const withheld = settings.processes.withheld?.filter(
    (image) => processes === catalogue || known.has(image),
  );
  const data = {
    ...installationData,
    environments: [{ ...settings, processes: { ...settings.processes, withheld } }],
  };
  return (await samplePlatform(data, { catalogue: processes })).stacks[base.name];
}

/** A catalogue of `echo` alone, with other requirements for its jobs. */
export const echoWith = (job: Partial<ProcessDescription['job']>): ProcessDescription[] =>
  catalogue
    .filter(({ identifier }) => identifier === 'echo')
    .map((echo) => ({ ...echo, job: { ...echo.job, ...job } }));
