import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { installationData } from '../../environments/index.ts';
import { parseInstallation } from '../../environments/installation.ts';
import { findDrift } from './drift.ts';
import { planComment } from './plan-comment.ts';
import { Terraform } from './terraform.ts';
import { refuseToLoseJobs } from './waiting-jobs.ts';

/** Where the commands of pipelines print. */
export interface DeliveryOutput {
  print(text: string): void;
  /** The exit code of the command, if it is not 0. */
  end(code: number): void;
}

const outdirOption = new Option('--outdir <folder>', 'folder of the synthesised stacks').default(
  join(import.meta.dirname, '..', '..', 'cdktf.out'),
);
const noLockOption = new Option(
  '--no-lock',
  'leave the state unlocked: for a role that only reads',
);

interface Options {
  readonly outdir: string;
  readonly lock: boolean;
}

/** The commands of pipelines. */
export function deliverProgram({ print, end }: DeliveryOutput): Command {
  const program = new Command('deliver').description('Plans, deploys and checks stacks.');
  program
    .command('plan')
    .description('Prints what a deployment of the stacks would change.')
    .argument('[stacks...]', 'default: all that the pipeline deploys')
    .option('--markdown <file>', 'write it as a comment for a pull request, too')
    .addOption(noLockOption)
    .addOption(outdirOption)
    .action((names: string[], { outdir, lock, markdown }: Options & { markdown?: string }) => {
      const plans = new Map(
        stacksOf(names).map((name) => {
          const terraform = new Terraform(outdir, name);
          terraform.init();
          const plan = terraform.plan(lock);
          print(`${name}: ${plan.isChanged ? plan.text : 'no changes'}`);
          return [name, plan] as const;
        }),
      );
      if (markdown !== undefined) writeFileSync(markdown, planComment(plans));
    });

  program
    .command('deploy')
    .description('Deploys stacks, one after the other, without asking.')
    .argument('<stacks...>')
    .option('--lose-jobs', 'delete queues though jobs in them have not ended', false)
    .addOption(outdirOption)
    .action(async (names: string[], { outdir, loseJobs }: Options & { loseJobs: boolean }) => {
      for (const name of stacksOf(names)) {
        const terraform = new Terraform(outdir, name);
        terraform.init();
        print(terraform.plan(true).text);
        if (!loseJobs) await refuseToLoseJobs(terraform.planned(), regionOf(name));
        terraform.apply();
      }
    });

  program
    .command('drift')
    .description('Ends with exit code 1 where the account differs from what was deployed last.')
    .argument('[stacks...]', 'default: all that the pipeline deploys')
    .addOption(noLockOption)
    .addOption(outdirOption)
    .action((names: string[], { outdir, lock }: Options) => {
      for (const name of stacksOf(names)) {
        const drift = findDrift(new Terraform(outdir, name), lock);
        const words = drift.map(({ address, attributes }) => `\n  ${address}: ${attributes}`);
        print(
          `${name}: ${drift.length === 0 ? 'as it was deployed' : `changed from outside${words.join('')}`}`,
        );
        if (drift.length > 0) end(1);
      }
    });

  program
    .command('endpoint')
    .description('Prints the URL of a deployed environment’s service.')
    .argument('<environment>')
    .addOption(outdirOption)
    .action((name: string, { outdir }: Options) => {
      for (const stack of stacksOf([name])) {
        const terraform = new Terraform(outdir, stack);
        terraform.init();
        print(terraform.output('endpoint'));
      }
    });
  return program;
}

/** The region of an existing stack. */
function regionOf(stack: string): string {
  const { accounts } = parseInstallation(installationData);
  const all = accounts.flatMap(({ shared, environments }) => [shared, ...environments]);
  return all.find(({ name }) => name === stack)?.account.region ?? '';
}

/** @throws naming the stacks that exist */
function stacksOf(names: readonly string[]): readonly string[] {
  const { accounts } = parseInstallation(installationData);
  const known = accounts.flatMap(({ shared, environments }) =>
    [shared, ...environments].map(({ name }) => name),
  );
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Error(`no stack is named ${unknown.join(', ')}; allowed: ${known.join(', ')}`);
  }
  return names.length === 0 ? known : names;
}
