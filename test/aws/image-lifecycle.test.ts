import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogue } from '../../batch-jobs/catalogue.ts';
import { parseInstallation } from '../../environments/installation.ts';
import { shared } from '../../environments/shared.ts';
import { writeSampleFunctions } from '../stacks/sample-functions.ts';
import {
  type PlatformWorkspace,
  startPlatformWorkspace,
  synthesiseForEmulator,
} from './platform-workspace.ts';
import type { Terraform } from './terraform.ts';

let workspace: PlatformWorkspace;
let terraform: Terraform;

beforeAll(async () => {
  workspace = await startPlatformWorkspace();
  terraform = workspace.stack('SHARED');
});
afterAll(() => workspace?.stop());

/** Synthesises SHARED, whose recipe depends on the size of the volume in the image. */
function synthesise(dataVolumeGiB: number): void {
  synthesiseForEmulator({
    installation: parseInstallation({
      shared: { ...shared, image: { dataVolumeGiB } },
      environments: [],
    }),
    catalogue,
    distFolder: writeSampleFunctions(join(workspace.folder, 'dist')),
    outdir: workspace.outdir,
  });
}

/** Recipe versions that each lifecycle policy selects, by the policy's name. */
function selectedRecipes(): Readonly<Record<string, readonly string[]>> {
  const policies = [...workspace.imageBuilder.resources].filter(([arn]) =>
    arn.includes(':lifecycle-policy/'),
  );
  return Object.fromEntries(
    policies.map(([, { name, resourceSelection }]) => {
      const { recipes } = resourceSelection as { recipes: readonly { semanticVersion: string }[] };
      return [name, recipes.map(({ semanticVersion }) => semanticVersion)];
    }),
  );
}

async function deploy(dataVolumeGiB: number): Promise<void> {
  synthesise(dataVolumeGiB);
  await terraform.plan();
  await terraform.apply();
}

describe('images of a recipe that changes', () => {
  it('images of the current recipe version are cleaned up', async () => {
    synthesise(50);
    await terraform.init();
    await deploy(50);
    expect(Object.keys(selectedRecipes())).toEqual(['wps-job-image']);
    expect(await terraform.plan()).toEqual([]);
  });

  it('images of earlier recipe versions are cleaned up, too', async () => {
    const [first] = selectedRecipes()['wps-job-image'] ?? [];
    await deploy(60);
    const [second] = selectedRecipes()['wps-job-image'] ?? [];
    expect(second).not.toBe(first);
    expect(selectedRecipes()['wps-job-image-earlier-recipes']).toEqual([first]);
    expect(await terraform.plan()).toEqual([]);
    await deploy(70);
    expect(selectedRecipes()['wps-job-image-earlier-recipes']?.toSorted()).toEqual(
      [first, second].toSorted(),
    );
  });

  it('images of a recipe version that is current again are cleaned up as such', async () => {
    const [, ...both] = [
      ...(selectedRecipes()['wps-job-image'] ?? []),
      ...(selectedRecipes()['wps-job-image-earlier-recipes'] ?? []),
    ];
    await deploy(50);
    const [first] = selectedRecipes()['wps-job-image'] ?? [];
    expect(both).toContain(first);
    const earlier = selectedRecipes()['wps-job-image-earlier-recipes'];
    expect(earlier).toHaveLength(2);
    expect(earlier).not.toContain(first);
  });
});
