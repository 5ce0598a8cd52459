import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** The planned change of one resource. */
export interface PlannedChange {
  /** For example `aws_lambda_alias.handler_wps_1A2B3C4D`. */
  readonly address: string;
  readonly action: 'create' | 'update' | 'delete' | 'replace' | 'read' | 'noop' | 'move' | 'remove';
}

/** A command that failed, with its output. */
export class TerraformError extends Error {
  override readonly name = 'TerraformError';
}

/**
 * Variables of every `terraform` in the tests. The provider comes from a mirror if the machine has one
 * (`TERRAFORM_MIRROR` names it, or the tool beside the repository), and otherwise from the public registry.
 *
 * @param folder where the CLI's configuration is written
 */
export async function terraformVariables(
  folder: string,
  awsVariables: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const mirror = await providerMirror();
  const configuration = join(folder, 'terraform.rc');
  await mkdir(folder, { recursive: true });
  await writeFile(
    configuration,
    mirror
      ? `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }\n}\n`
      : '',
  );
  return {
    ...awsVariables,
    TF_CLI_CONFIG_FILE: configuration,
    TF_IN_AUTOMATION: '1',
    TF_INPUT: '0',
    CHECKPOINT_DISABLE: '1',
  };
}

/** Folder of a mirror of the provider, if the machine has one. */
export async function providerMirror(): Promise<string | undefined> {
  const named = process.env['TERRAFORM_MIRROR'];
  if (named) return named;
  const tool = join(import.meta.dirname, '..', '..', '..', 'shared', 'tools', 'terraform-mirror');
  const { code, stdout } = await run(tool, [], { folder: '.', variables: {} }).catch(() => ({
    code: 1,
    stdout: '',
  }));
  return code === 0 ? stdout.trim() : undefined;
}

/** Terraform in the folder of one synthesised stack. */
export class Terraform {
  readonly #place: Place;

  constructor(folder: string, variables: Readonly<Record<string, string>>) {
    this.#place = { folder, variables };
  }

  async init(): Promise<void> {
    await this.#run(['init', '-no-color']);
  }

  async validate(): Promise<void> {
    await this.#run(['validate', '-no-color']);
  }

  /**
   * The planned changes, without data sources that are only read.
   *
   * @param replaced address of a resource to destroy and create again
   */
  async plan(replaced?: string): Promise<readonly PlannedChange[]> {
    const more = replaced === undefined ? [] : [`-replace=${replaced}`];
    const lines = (await this.#run(['plan', '-json', '-out=plan', ...more])).trim().split('\n');
    return lines.flatMap((line): PlannedChange[] => {
      const { type, change } = JSON.parse(line);
      if (type !== 'planned_change' || change.action === 'read') return [];
      return [{ address: change.resource.addr, action: change.action }];
    });
  }

  /**
   * Carries out the last plan.
   *
   * @returns addresses of the resources created or changed, in that order
   */
  async apply(): Promise<readonly string[]> {
    const lines = (await this.#run(['apply', '-json', '-parallelism=30', 'plan'])).trim();
    return lines.split('\n').flatMap((line) => {
      const { type, hook } = JSON.parse(line);
      return type === 'apply_complete' ? [String(hook.resource.addr)] : [];
    });
  }

  async destroy(): Promise<void> {
    await this.#run(['destroy', '-no-color', '-auto-approve', '-parallelism=30']);
  }

  async output(name: string): Promise<string> {
    return (await this.#run(['output', '-no-color', '-raw', name])).trim();
  }

  /** The last plan, as Terraform's JSON. */
  async shown(): Promise<unknown> {
    return JSON.parse(await this.#run(['show', '-json', 'plan']));
  }

  /** Values that the last plan gives to an attribute, for every resource of a type. */
  async planned(type: string, attribute: string): Promise<readonly unknown[]> {
    const plan: {
      resource_changes: { type: string; change: { after: Record<string, unknown> } }[];
    } = JSON.parse(await this.#run(['show', '-json', 'plan']));
    return plan.resource_changes
      .filter((change) => change.type === type)
      .map(({ change }) => change.after[attribute]);
  }

  /** Values of an attribute of every data source of a type, as the last plan read them. */
  async read(type: string, attribute: string): Promise<readonly unknown[]> {
    const plan: {
      prior_state?: {
        values?: {
          root_module: {
            resources?: { mode: string; type: string; values: Record<string, unknown> }[];
          };
        };
      };
    } = JSON.parse(await this.#run(['show', '-json', 'plan']));
    return (plan.prior_state?.values?.root_module.resources ?? [])
      .filter((resource) => resource.mode === 'data' && resource.type === type)
      .map(({ values }) => values[attribute]);
  }

  /** Removes a lock that another run left behind. */
  async unlock(id: string): Promise<void> {
    await this.#run(['force-unlock', '-no-color', '-force', id]);
  }

  /** Addresses of everything in the state except data sources. */
  async state(): Promise<readonly string[]> {
    const listed = (await this.#run(['state', 'list'])).split('\n');
    return listed.filter((address) => address && !address.startsWith('data.'));
  }

  async #run(args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await run('terraform', args, this.#place);
    if (code === 0) return stdout;
    const said = args.includes('-json') ? errorsIn(stdout) : stdout;
    throw new TerraformError(`terraform ${args.join(' ')} ended with ${code}\n${stderr}${said}`);
  }
}

/** The errors in the output of a command with `-json`. */
function errorsIn(lines: string): string {
  return lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter((line) => line['@level'] === 'error')
    .map(({ diagnostic }) => `${diagnostic.address}: ${diagnostic.summary}\n${diagnostic.detail}`)
    .join('\n');
}

export interface Place {
  readonly folder: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** Runs a program until it ends. */
export async function run(
  program: string,
  args: readonly string[],
  { folder, variables }: Place,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(program, args, {
    cwd: folder,
    env: { ...process.env, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}
