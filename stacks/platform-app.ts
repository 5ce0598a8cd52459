import { join } from 'node:path';
import { App, Aspects, type TerraformStack } from 'cdktf';
import type { ProcessDescription } from '../batch-jobs/api/process-description.ts';
import type { AccountSettings } from '../environments/account-settings.ts';
import type { Environment } from '../environments/environment.ts';
import type { Installation } from '../environments/installation.ts';
import { EnvironmentStack } from './environment-stack.ts';
import { contentTag } from './images/content-tag.ts';
import { checkProcessSettings } from './offered-processes.ts';
import { PipelineStack } from './pipeline-stack.ts';
import { OfferedCatalogue } from './process-folders.ts';
import { RulesAspect } from './rules/rules-aspect.ts';
import { SharedStack } from './shared-stack.ts';

const root = join(import.meta.dirname, '..');

export interface PlatformProps {
  readonly installation: Installation;
  /** The processes that may be offered; a list contains processes of `batch-jobs/`. */
  readonly catalogue: OfferedCatalogue | readonly ProcessDescription[];
  /** The output of `npm run build`. */
  readonly distFolder: string;
  /** The commit that it was built from. */
  readonly commit: string;
  /**
   * Tag of a process's container image if the settings name none. By default, the tag follows from its
   * content.
   */
  readonly imageTag?: (image: string) => string;
  /** The folder for the stacks. By default, the one that the cdktf CLI asks for, or `cdktf.out`. */
  readonly outdir?: string;
}

/**
 * SHARED of each account and a stack for each environment, all checked by the rules.
 *
 * @throws {SettingsError} if the settings name processes that do not exist
 */
export function createPlatform(props: PlatformProps): App {
  const { installation, distFolder, commit, outdir } = props;
  const catalogue =
    props.catalogue instanceof OfferedCatalogue
      ? props.catalogue
      : new OfferedCatalogue(props.catalogue);
  checkProcessSettings(installation, catalogue);
  const imageTag =
    props.imageTag ??
    ((image: string) => contentTag(catalogue.folderOf(image), { root, distFolder }));
  const app = new App({
    // It would start Terraform a dozen times to ask for its version.
    skipValidation: true,
    stackTraces: false,
    ...(outdir === undefined ? {} : { outdir }),
  });
  const stacks: TerraformStack[] = installation.accounts.flatMap(({ shared, environments }) => [
    new SharedStack(app, shared.name, {
      settings: shared,
      catalogue: catalogue.all,
      distFolder,
      commit,
      ...promotionsAcross(installation, shared.account),
    }),
    ...environments.map((environment) => {
      const source = sourceElsewhere(environment, installation);
      return new EnvironmentStack(app, {
        environment,
        catalogue: catalogue.of(environment),
        imageTag,
        ...(source ? { sourceAccount: source.account } : {}),
        isTakenElsewhere: installation.environments.some(
          (other) => sourceElsewhere(other, installation) === environment,
        ),
      });
    }),
  ]);
  for (const { shared, environments } of installation.accounts) {
    if (!shared.pipeline) continue;
    const names = [shared, ...environments].map(({ name }) => name);
    const deployed = stacks.filter(({ node }) => names.includes(node.id));
    stacks.push(new PipelineStack(app, { shared, settings: shared.pipeline, deployed }));
  }
  // A stack only applies its own aspects, not those of the app.
  const rules = new RulesAspect();
  for (const stack of stacks) Aspects.of(stack).add(rules);
  return app;
}

/** The environment of another account whose release is used. */
function sourceElsewhere(
  { account, release }: Environment,
  { environments }: Installation,
): Environment | undefined {
  if (release.take !== 'promoted') return undefined;
  const source = environments.find(({ name }) => name === release.from);
  return source && source.account.id !== account.id ? source : undefined;
}

/** Ids of the accounts that take releases from an account, and of those that it takes releases from. */
function promotionsAcross(installation: Installation, account: AccountSettings) {
  const takers = new Set<string>();
  const givers = new Set<string>();
  for (const environment of installation.environments) {
    const giver = sourceElsewhere(environment, installation)?.account.id;
    const taker = environment.account.id;
    if (giver === undefined || taker === undefined) continue;
    if (giver === account.id) takers.add(taker);
    if (taker === account.id) givers.add(giver);
  }
  return { takers: [...takers], givers: [...givers] };
}
