import { type Command, Option } from 'commander';
import { shippedData } from '../../environments/index.ts';
import { parseInstallation } from '../../environments/installation.ts';
import { type ReleasePart, releaseParts } from '../../environments/release-settings.ts';
import {
  type CommandContext,
  environmentArgument,
  examples,
  give,
  type Output,
  positive,
} from './command-context.ts';
import type { ReleaseOptions } from './move-release.ts';
import { environmentNamed } from './target.ts';

/** `promote`, `rollback`, `drift`: which release an environment runs, and whether it was changed. */
export function addReleaseCommands(program: Command, context: CommandContext): void {
  const { terminal, installation } = context;
  // The settings without the pins, which these commands set and remove.
  const shipped = () => parseInstallation(shippedData);
  const releaseCommand = (name: string, description: string) =>
    program
      .command(name)
      .description(description)
      .addArgument(environmentArgument('<environment>', 'an environment'))
      .argument('[deploy...]', 'arguments of npm run deploy, after --: --lose-jobs')
      .option('-y, --yes', 'does not ask', false)
      .option('--no-deploy', 'sets the pin and does not deploy')
      .option('--dry-run', 'shows what would change, and changes nothing', false)
      .option('--json', 'prints JSON', false);
  examples(
    releaseCommand(
      'promote',
      'deploys what the environment before runs (DEV: what is newest)',
    ).action(async (name: string, more: string[], options: ReleaseOptions) => {
      const found = environmentNamed(name, shipped());
      const { moveRelease } = await import('./move-release.ts');
      const move = await moveRelease(found, { kind: 'promote' }, { ...options, more }, terminal);
      give(context, move, () => move.done, options);
    }),
    'promote SYSTEST --dry-run',
    'promote RC --yes',
  );
  examples(
    releaseCommand('rollback', 'pins an earlier release of the environment and deploys it')
      .option(
        '--to <version>',
        'version of the release record; left out, the release before',
        positive,
      )
      .addOption(
        new Option('--parts <part...>', 'only these parts go back').choices([...releaseParts]),
      )
      .action(
        async (
          name: string,
          more: string[],
          options: ReleaseOptions & { to?: number; parts?: ReleasePart[] },
        ) => {
          const found = environmentNamed(name, shipped());
          const { moveRelease } = await import('./move-release.ts');
          const { to, parts = [] } = options;
          const move = await moveRelease(
            found,
            { kind: 'rollback', parts, ...(to === undefined ? {} : { version: to }) },
            { ...options, more },
            terminal,
          );
          give(context, move, () => move.done, options);
        },
      ),
    'rollback PROD',
    'rollback PROD --to 7 --dry-run',
    'rollback PROD --parts functions --yes',
  );

  examples(
    program
      .command('drift')
      .description(
        'finds what was changed from outside since the last deployment; exit code 2 on drift',
      )
      .addArgument(environmentArgument('<environment>', 'an environment'))
      .option('--out <folder>', 'where npm run synth wrote the stacks', 'cdktf.out')
      .option('--json', 'prints JSON', false)
      .action(async (name: string, options: Output & { out: string }) => {
        const found = environmentNamed(name, installation());
        const { checkDrift } = await import('./drift.ts');
        const checked = await checkDrift(found, options.out, terminal);
        give(
          context,
          checked,
          () =>
            checked.hasDrifted
              ? [
                  `${found.environment.name} was changed from outside:`,
                  ...checked.drift.map(({ address, attributes }) => `  ${address}: ${attributes}`),
                ].join('\n')
              : `${found.environment.name} is as it was deployed.`,
          options,
        );
        if (checked.hasDrifted) terminal.end(2);
      }),
    'drift PROD',
  );
}
