import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { countOomKills } from '../../batch-jobs/runner/count-oom-kills.ts';

describe('the number of processes that the kernel killed for their memory', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cgroups-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const write = async (path: string, content: string) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  };
  const count = () =>
    countOomKills({ membership: join(folder, 'membership'), cgroups: join(folder, 'cgroups') });
  const v2 = 'low 0\nhigh 0\nmax 51\noom 4\noom_kill 3\noom_group_kill 0\n';
  const v1 = 'oom_kill_disable 0\nunder_oom 0\noom_kill 2\n';
  const v1Membership = '12:cpu,cpuacct:/docker/ab\n4:hugetlb,memory:/docker/ab\n0::/docker/ab\n';

  it("the kernel's memory kills are those of a container that sees its cgroup as the root (v2)", async () => {
    await write('membership', '0::/\n');
    await write('cgroups/memory.events', v2);
    expect(await count()).toBe(3);
  });

  it("the kernel's memory kills are those of the cgroup as the host names it (v2)", async () => {
    await write('membership', '0::/system.slice/job.service\n');
    await write('cgroups/memory.events', 'oom_kill 100\n');
    await write('cgroups/system.slice/job.service/memory.events', v2);
    expect(await count()).toBe(3);
  });

  it("the kernel's memory kills are found if a container sees its cgroup at the root under the host's name (v2)", async () => {
    await write('membership', '0::/docker/ab\n');
    await write('cgroups/memory.events', v2);
    expect(await count()).toBe(3);
  });

  it("the kernel's memory kills are those of a container whose cgroup is mounted as the root (v1)", async () => {
    await write('membership', v1Membership);
    await write('cgroups/memory/memory.oom_control', v1);
    expect(await count()).toBe(2);
  });

  it("the kernel's memory kills are those of the cgroup as the host names it (v1, beside v2 without memory)", async () => {
    await write('membership', v1Membership);
    await write('cgroups/memory/memory.oom_control', 'oom_kill 100\n');
    await write('cgroups/memory/docker/ab/memory.oom_control', v1);
    expect(await count()).toBe(2);
  });

  it.each([
    ['there are no cgroups', async () => undefined],
    ['the root of all is meant, which has none', () => write('membership', '0::/\n')],
    [
      'the kernel is too old to count',
      async () => {
        await write('membership', v1Membership);
        await write('cgroups/memory/memory.oom_control', 'oom_kill_disable 0\nunder_oom 0\n');
      },
    ],
  ])("the kernel's memory kills are unknown if %s", async (_, prepare) => {
    await prepare();
    expect(await count()).toBeUndefined();
  });
});
