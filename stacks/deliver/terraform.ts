import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** The result of a plan. */
export interface Plan {
  readonly isChanged: boolean;
  /** As Terraform prints it for people. */
  readonly text: string;
}

/** From `terraform output -json`; an output may have any type. */
const outputsSchema = z.record(z.string(), z.object({ value: z.unknown() }));

/** Exit codes of `terraform plan -detailed-exitcode`. */
const changed = 2;

/** Runs Terraform in the folder of one synthesised stack. */
export class Terraform {
  readonly #folder: string;
  readonly #stack: string;

  /** @throws if the stack was not synthesised */
  constructor(outdir: string, stack: string) {
    this.#folder = join(outdir, 'stacks', stack);
    this.#stack = stack;
    if (!existsSync(join(this.#folder, 'cdk.tf.json'))) {
      throw new Error(`stack ${stack} is not in ${outdir}; run npm run synth first`);
    }
  }

  init(): void {
    this.#run(['init', '-input=false', '-no-color'], [0]);
  }

  /** @param lock whether to lock the state meanwhile, which needs permission to write */
  plan(lock: boolean): Plan {
    const { code, text } = this.#run(
      ['plan', '-input=false', '-no-color', '-detailed-exitcode', `-lock=${lock}`, '-out=plan'],
      [0, changed],
    );
    return { isChanged: code === changed, text };
  }

  /** The latest plan, as Terraform's JSON. */
  planned(): unknown {
    return JSON.parse(this.#run(['show', '-json', 'plan'], [0]).text);
  }

  /** Applies the latest plan, and prints Terraform's output as it comes. */
  apply(): void {
    this.#run(['apply', '-input=false', '-no-color', 'plan'], [0], 'inherit');
  }

  /**
   * An output of the deployed stack.
   *
   * @throws if the state has none of that name, as before the first deployment
   */
  output(name: string): string {
    // With `-raw`, Terraform prints a warning instead of a missing output, and ends with code 0.
    const found = outputsSchema.parse(JSON.parse(this.#run(['output', '-json'], [0]).text))[name];
    if (found !== undefined) return z.string().parse(found.value);
    throw new Error(
      `${this.#stack} has no ${name}: it is not deployed; run npm run deploy -- ${this.#stack} first`,
    );
  }

  #run(args: readonly string[], allowed: readonly number[], stdout: 'pipe' | 'inherit' = 'pipe') {
    const result = spawnSync('terraform', args, {
      cwd: this.#folder,
      encoding: 'utf8',
      stdio: ['ignore', stdout, 'inherit'],
      maxBuffer: 256 * 1024 * 1024,
    });
    if (result.error) throw new Error(`terraform cannot be run: ${result.error.message}`);
    const text = result.stdout ?? '';
    const code = result.status ?? -1;
    if (!allowed.includes(code)) {
      process.stderr.write(text);
      throw new Error(`terraform ${args[0]} of ${this.#stack} ended with exit code ${code}`);
    }
    return { code, text };
  }
}
