import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

interface Step {
  readonly name: string;
  readonly action: string;
  readonly inputs?: { readonly commands: readonly string[] };
}

interface Component {
  readonly name: string;
  readonly schemaVersion: number;
  readonly phases: readonly { readonly name: string; readonly steps: readonly Step[] }[];
}

const folder = join(import.meta.dirname, '..', '..', 'ami', 'components');
const components = readdirSync(folder).map((file): [string, Component] => [
  file,
  parse(readFileSync(join(folder, file), 'utf8')),
]);

describe.each(components)('the component in %s', (file, component) => {
  const steps = component.phases.flatMap((phase) => phase.steps);

  it("each image component has its file's name, installs something, and tests it", () => {
    expect(`${component.name}.yml`).toBe(file);
    expect(component.schemaVersion).toBe(1);
    expect(component.phases.map(({ name }) => name)).toEqual(['build', 'test']);
  });

  it('each image component uses only steps that Image Builder knows, with unique names', () => {
    for (const { action } of steps) expect(['ExecuteBash', 'UpdateOS']).toContain(action);
    expect(new Set(steps.map(({ name }) => name)).size).toBe(steps.length);
  });

  it('each image component has scripts that bash can parse', () => {
    for (const command of steps.flatMap(({ inputs }) => inputs?.commands ?? [])) {
      execFileSync('bash', ['-n'], { input: command });
    }
  });

  it('image components contain no double braces, which Image Builder would evaluate', () => {
    expect(readFileSync(join(folder, file), 'utf8')).not.toMatch(/\{\{|\}\}/);
  });

  it("each image component is within Image Builder's limit of 16,000 characters", () => {
    expect(readFileSync(join(folder, file), 'utf8').length).toBeLessThan(16_000);
  });
});

describe('the machines of all queues', () => {
  it("machines have the same configuration of the ECS agent on Amazon's image and on the custom image", async () => {
    const { startOfMachine } = await import('../../stacks/constructs/machine-start.ts');
    const settings = (text: string) => text.match(/^\s*ECS_\w+=\S+/gm)?.map((line) => line.trim());
    const ours = readFileSync(join(folder, 'ecs-agent.yml'), 'utf8');
    expect(settings(ours)).toEqual(settings(startOfMachine));
    expect(settings(ours)?.length).toBeGreaterThan(3);
  });

  it.each([
    ['pull an image once, and remove unused ones', 'ECS_IMAGE_PULL_BEHAVIOR=once'],
    ['end jobs before Spot takes the machine', 'ECS_ENABLE_SPOT_INSTANCE_DRAINING=true'],
    ['start no privileged container', 'ECS_DISABLE_PRIVILEGED=true'],
    ['remove ended containers soon', 'ECS_ENGINE_TASK_CLEANUP_WAIT_DURATION=15m'],
    ['let a job write down its end', 'ECS_CONTAINER_STOP_TIMEOUT=30s'],
  ])('the ECS agent of machines is set to %s', async (_, setting) => {
    const { startOfMachine } = await import('../../stacks/constructs/machine-start.ts');
    expect(startOfMachine).toContain(`\n${setting}\n`);
  });

  it('machines have a scratch folder that the user of containers may write to', async () => {
    const { hostScratchFolder, startOfMachine } = await import(
      '../../stacks/constructs/machine-start.ts'
    );
    expect(startOfMachine).toContain(`\ninstall -d -m 1777 ${hostScratchFolder}\n`);
  });

  it('machines give their credentials to root only, and containers are not root', async () => {
    const { metadataForRootOnly, startOfMachine } = await import(
      '../../stacks/constructs/machine-start.ts'
    );
    expect(metadataForRootOnly).toContain('--match owner ! --uid-owner root --jump REJECT');
    const ours = readFileSync(join(folder, 'ecs-agent.yml'), 'utf8');
    expect(startOfMachine).toContain(`\niptables --wait ${metadataForRootOnly}\n`);
    expect(ours).toContain(`/iptables --wait ${metadataForRootOnly}\n`);
  });
});
