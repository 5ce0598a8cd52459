import { readFileSync } from 'node:fs';
import { DeployedAccount } from '../aws/deployed-account.ts';
import { emulatedRegion } from '../aws/emulator.ts';
import { DeployingCheckout, type Shell } from './deploying-checkout.ts';
import { type EmulatedWorld, startEmulatedWorld } from './emulated-world.ts';
import { shellSteps } from './workflow-steps.ts';

/** Packages are installed once for all tests. */
const installs = 'npm ci';

/** An account at the emulator that people and workflows deploy to from a checkout. */
export class WalkedAccount {
  readonly account: DeployedAccount;
  readonly checkout: DeployingCheckout;
  readonly stop: () => Promise<void>;

  constructor({ endpoint, folder, variables }: EmulatedWorld, stop: () => Promise<void>) {
    this.account = new DeployedAccount({
      endpoint,
      region: emulatedRegion,
      credentials: { accessKeyId: 'emulated', secretAccessKey: 'emulated' },
    });
    this.checkout = new DeployingCheckout(folder, variables);
    this.stop = stop;
  }

  /**
   * Starts an account of its own. `WALKED_ACCOUNT=FILE` names one that `tsx test/walks/keep-account.ts FILE`
   * keeps, to try a walk stage by stage (`-t`).
   */
  static async start(): Promise<WalkedAccount> {
    const kept = process.env['WALKED_ACCOUNT'];
    if (kept !== undefined) {
      return new WalkedAccount(JSON.parse(readFileSync(kept, 'utf8')), async () => undefined);
    }
    const world = await startEmulatedWorld();
    return new WalkedAccount(world, world.stop);
  }

  /**
   * Runs the shell steps of a workflow's job.
   *
   * @param values values of the expressions in its variables
   * @returns the output of each step
   * @throws when a step fails
   */
  async runJob(
    file: string,
    job: string,
    values: Readonly<Record<string, string>> = {},
  ): Promise<readonly string[]> {
    const said: string[] = [];
    for (const { run, variables } of shellSteps(file, job, values)) {
      if (run !== installs) said.push(ended(run, await this.checkout.shell(run, variables)).said);
    }
    return said;
  }

  /**
   * Deploys with the workflow, including its smoke test.
   *
   * @returns the output of the deployment, which begins with its plan
   */
  async deploy(environment: string): Promise<string> {
    const [deployed = ''] = await this.runJob('deploy.yml', 'deploy', {
      'inputs.environment': environment,
      'secrets.SMOKE_HEADER': '',
    });
    return deployed;
  }

  /** Calls an operators' command, which may exit with any code. */
  async operate(call: string): Promise<Shell> {
    return await this.checkout.shell(`npm run --silent operate -- ${call}`);
  }

  /** Runs lines of a shell in the checkout. @throws when one fails */
  async shell(lines: string): Promise<Shell> {
    return ended(lines, await this.checkout.shell(lines));
  }

  /** The commits of the first and the second release of a walk. */
  get commits(): { readonly first: string; readonly second: string } {
    return {
      first: this.checkout.committed('first'),
      second: this.checkout.committed('second'),
    };
  }

  /** The commit that an environment runs. */
  async commitOf(environment: string): Promise<string> {
    return (await this.account.recordedRelease(environment)).functions.commit;
  }
}

function ended(lines: string, shell: Shell): Shell {
  if (shell.code !== 0) throw new Error(`${lines}\nended with ${shell.code}\n${shell.said}`);
  return shell;
}
