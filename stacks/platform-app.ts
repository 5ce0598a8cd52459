import { App, Aspects } from 'cdktf';
import type { ProcessDescription } from '../batch-jobs/api/process-description.ts';
import type { Installation } from '../environments/installation.ts';
import { EnvironmentStack } from './environment-stack.ts';
import { checkProcessSettings } from './offered-processes.ts';
import { RulesAspect } from './rules/rules-aspect.ts';
import { SharedStack } from './shared-stack.ts';

export interface PlatformProps {
  readonly installation: Installation;
  readonly catalogue: readonly ProcessDescription[];
  /** What `npm run build` wrote. */
  readonly distFolder: string;
  /** Where the stacks are written to. Default: what the cdktf CLI asks for, or `cdktf.out`. */
  readonly outdir?: string;
}

/**
 * SHARED and a stack for each environment, every one under the rules.
 *
 * @throws {SettingsError} when settings speak of processes that are not there
 */
export function createPlatform(props: PlatformProps): App {
  const { installation, catalogue, distFolder, outdir } = props;
  checkProcessSettings(installation, catalogue);
  const app = new App({
    // It would start Terraform a dozen times to ask for its version.
    skipValidation: true,
    stackTraces: false,
    ...(outdir === undefined ? {} : { outdir }),
  });
  const stacks = [
    new SharedStack(app, 'SHARED', { settings: installation.shared, catalogue, distFolder }),
    ...installation.environments.map(
      (environment) => new EnvironmentStack(app, { environment, catalogue }),
    ),
  ];
  // Each stack asks its own aspects only, not those of the app.
  const rules = new RulesAspect();
  for (const stack of stacks) Aspects.of(stack).add(rules);
  return app;
}
