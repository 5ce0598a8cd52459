import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { describeWhere } from '../left-out.ts';

const isRootOnLinux = {
  name: 'root on Linux',
  isMet: () => process.platform === 'linux' && process.getuid?.() === 0,
  from: 'run the tests in a container, as root',
};
const dockerfile = join(import.meta.dirname, '..', '..', 'batch-jobs', 'runner', 'Dockerfile');
/** Stands for the user that images run as. Any user other than root will do. */
const user = 65_534;

describeWhere([isRootOnLinux], 'a program that a runner starts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hidden-variables-'));
  chmodSync(folder, 0o755);
  const node = join(folder, 'node');
  copyFileSync(process.execPath, node);
  afterAll(() => rmSync(folder, { recursive: true }));

  /** What a program can read of the process that started it, which runs as the same user. */
  function readOfRunner(mode: number, file: string): string {
    chmodSync(node, mode);
    const program = `cat /proc/$PPID/${file} | head -c 100000`;
    const runner = `child_process.spawnSync('sh', ['-c', ${JSON.stringify(program)}], { env: { PATH: process.env.PATH }, stdio: ['ignore', 'inherit', 'ignore'] })`;
    const { stdout, status } = spawnSync(node, ['-e', runner], {
      uid: user,
      gid: user,
      cwd: '/',
      env: { PATH: process.env['PATH'], AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/v2/secret' },
      encoding: 'utf8',
    });
    expect(status).toBe(0);
    return stdout;
  }
  const modeOfImages = Number.parseInt(
    /^RUN chmod (0\d{3}) "\$\(readlink -f "\$\(command -v node\)"\)"$/m.exec(
      readFileSync(dockerfile, 'utf8'),
    )?.[1] ?? '0755',
    8,
  );

  it('a program cannot read the variables of the runner in an image', () => {
    expect(readOfRunner(modeOfImages, 'environ')).toBe('');
  });

  it("a program could read the runner's variables if the image let its user read Node.js", () => {
    expect(readOfRunner(0o755, 'environ')).toContain('/v2/secret');
  });

  it('a program cannot read the memory of the runner in an image', () => {
    expect(readOfRunner(modeOfImages, 'maps')).toBe('');
    expect(readOfRunner(0o755, 'maps')).toContain('node');
  });
});
