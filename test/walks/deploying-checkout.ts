import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Place, run } from '../aws/terraform.ts';

const root = join(import.meta.dirname, '..', '..');

/** The result of a shell command. */
export interface Shell {
  readonly code: number | null;
  readonly stdout: string;
  /** Standard output and standard error. */
  readonly said: string;
}

/** A checkout of the project that a person deploys from, with its own history. */
export class DeployingCheckout {
  readonly folder: string;
  readonly #place: Place;

  /** @param folder of an existing checkout */
  constructor(folder: string, variables: Readonly<Record<string, string>>) {
    this.folder = folder;
    this.#place = { folder, variables };
  }

  /** Copies the files under version control here, and links the packages installed here. */
  static copy(folder: string, variables: Readonly<Record<string, string>>): DeployingCheckout {
    const checkout = new DeployingCheckout(folder, variables);
    mkdirSync(folder, { recursive: true });
    const files = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], {
      cwd: root,
      encoding: 'utf8',
    });
    for (const file of files.split('\0').filter((name) => name && existsSync(join(root, name)))) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      cpSync(join(root, file), join(folder, file), { verbatimSymlinks: true });
    }
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    // `.gitignore` names only a folder, and this is a link.
    checkout.#git('init', '--quiet');
    writeFileSync(join(folder, '.git', 'info', 'exclude'), 'node_modules\n');
    return checkout;
  }

  /**
   * Edits a file as a person would.
   *
   * @throws when a text to replace is missing
   */
  edit(file: string, replacements: Readonly<Record<string, string>>): void {
    const path = join(this.folder, file);
    let text = readFileSync(path, 'utf8');
    for (const [found, put] of Object.entries(replacements)) {
      if (!text.includes(found)) throw new Error(`${file} does not hold "${found}"`);
      text = text.replace(found, put);
    }
    writeFileSync(path, text);
  }

  read(file: string): string {
    return readFileSync(join(this.folder, file), 'utf8');
  }

  append(file: string, text: string): void {
    writeFileSync(join(this.folder, file), text, { flag: 'a' });
  }

  /** @returns the commit of all changes */
  commit(message: string): string {
    this.#git('add', '--all');
    this.#git(
      ...['-c', 'user.name=Test', '-c', 'user.email=test@example.org'],
      ...['commit', '--quiet', '--no-verify', '--message', message],
    );
    return this.#git('rev-parse', 'HEAD').trim();
  }

  /** The newest commit with that message. */
  committed(message: string): string {
    return this.#git('log', '--all', '--format=%H', '--max-count=1', `--grep=^${message}$`).trim();
  }

  /** Runs lines of a shell as GitHub runs a step: the first failing line ends them. */
  async shell(lines: string, variables: Readonly<Record<string, string>> = {}): Promise<Shell> {
    const { code, stdout, stderr } = await run('bash', ['-e', '-o', 'pipefail', '-c', lines], {
      folder: this.folder,
      variables: { ...this.#place.variables, ...variables },
    });
    return { code, stdout, said: `${stdout}${stderr}` };
  }

  #git(...args: readonly string[]): string {
    return execFileSync('git', args, { cwd: this.folder, encoding: 'utf8' });
  }
}
