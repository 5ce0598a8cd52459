import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { installationData } from '../../environments/index.ts';
import { parseInstallation } from '../../environments/installation.ts';
import { samplePlatform } from '../stacks/sample-platform.ts';

it('deploy.md shows the settings that offer GoGoDuck in every environment', async () => {
  const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'deploy.md'), 'utf8');
  const [, literal] = /```ts\nexport const processes = ([\s\S]*?) satisfies/.exec(page) ?? [];
  const processes = runInNewContext(`JSON.stringify(${literal})`);
  const { accounts, environments } = parseInstallation(installationData);
  const { stacks } = await samplePlatform({
    shared: accounts.map(({ shared }) => shared),
    environments: environments.map((each) => ({ ...each, processes: JSON.parse(processes) })),
  });
  for (const { name } of environments) {
    const definitions = Object.values(stacks[name]?.resource['aws_batch_job_definition'] ?? {});
    const container = definitions
      .map((each) => String(each['container_properties']))
      .find((each) => each.includes('process-gogoduck'));
    expect(container).toContain('https://geoserver.example.org/geoserver/wfs');
  }
});
