import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogue } from '../../batch-jobs/catalogue.ts';
import { installationData } from '../../environments/index.ts';
import { type InstallationData, parseInstallation } from '../../environments/installation.ts';
import { createPlatform, type PlatformProps } from '../../stacks/platform-app.ts';
import { writeSampleFunctions } from './sample-functions.ts';

type Attributes = Readonly<Record<string, unknown>>;

/** A synthesised stack, as Terraform reads it. */
export interface SynthesisedConfiguration {
  readonly data: Readonly<Record<string, Readonly<Record<string, Attributes>>>>;
  readonly locals?: Readonly<Record<string, unknown>>;
  readonly output: Readonly<Record<string, unknown>>;
  readonly provider: { readonly aws: readonly Attributes[] };
  readonly resource: Readonly<Record<string, Readonly<Record<string, Attributes>>>>;
  readonly terraform: { readonly backend: Readonly<Record<string, Attributes>> };
}

/** A message about a stack that the cdktf CLI prints. */
export interface Annotation {
  readonly level: string;
  readonly message: string;
}

export interface SamplePlatform {
  readonly stacks: Readonly<Record<string, SynthesisedConfiguration>>;
  readonly annotations: Readonly<Record<string, readonly Annotation[]>>;
}

let shipped: Promise<SamplePlatform> | undefined;

/**
 * Synthesises an installation with sample functions. The default is the shipped installation, which many
 * tests use and which is synthesised only once.
 */
export function samplePlatform(
  data: InstallationData = installationData,
  others?: Partial<PlatformProps>,
): Promise<SamplePlatform> {
  if (data !== installationData || others) return synthesise(data, others);
  shipped ??= synthesise(data);
  return shipped;
}

async function synthesise(
  data: InstallationData,
  others: Partial<PlatformProps> = {},
): Promise<SamplePlatform> {
  const folder = await mkdtemp(join(tmpdir(), 'synth-'));
  try {
    const outdir = join(folder, 'cdktf.out');
    const props = {
      installation: parseInstallation(data),
      catalogue,
      distFolder: writeSampleFunctions(join(folder, 'dist')),
      commit: 'c0ffee',
      imageTag: () => '0.1.0',
      outdir,
      ...others,
    };
    withoutStackTraces(() => createPlatform(props).synth());
    const read = (...path: string[]) => JSON.parse(readFileSync(join(outdir, ...path), 'utf8'));
    const manifest: { stacks: Record<string, { annotations: Annotation[] }> } =
      read('manifest.json');
    const names = Object.keys(manifest.stacks);
    return {
      stacks: Object.fromEntries(names.map((name) => [name, read('stacks', name, 'cdk.tf.json')])),
      annotations: Object.fromEntries(
        Object.entries(manifest.stacks).map(([name, { annotations }]) => [name, annotations]),
      ),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * cdktf captures a stack trace for each of its tens of thousands of tokens, which takes half of the time of a
 * synthesis with source maps. Errors still have stack traces, because they do not use this function.
 */
function withoutStackTraces<T>(run: () => T): T {
  const { captureStackTrace } = Error;
  Error.captureStackTrace = () => {};
  try {
    return run();
  } finally {
    Error.captureStackTrace = captureStackTrace;
  }
}

export function resources(
  stack: SynthesisedConfiguration | undefined,
  type: string,
): readonly Attributes[] {
  return Object.values(stack?.resource[type] ?? {});
}

/** The only resource of a type, or the one whose attribute has the value. */
export function resource(
  stack: SynthesisedConfiguration | undefined,
  type: string,
  attribute?: string,
  value?: unknown,
): Attributes {
  const found = resources(stack, type).filter(
    (candidate) => attribute === undefined || candidate[attribute] === value,
  );
  const [first] = found;
  if (!first || found.length > 1) throw new Error(`${found.length} resources ${type} fit`);
  return first;
}
