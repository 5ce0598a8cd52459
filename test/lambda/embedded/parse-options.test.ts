import { chown, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { geteuid, seteuid } from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OptionFault, parseOptions } from '../../../lambda/embedded/parse-options.ts';

/** Permissions do not apply to the superuser, so tests of them run as this user. */
const unprivileged = 65534;

describe('the options of the service on one machine', () => {
  let folder: string;
  let dataDir: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'options-'));
    dataDir = join(folder, 'data');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const parse = (...args: string[]) => parseOptions(['--data-dir', dataDir, ...args]);
  const asOther = async (work: () => unknown) => {
    await chown(folder, unprivileged, unprivileged);
    const hasRoot = geteuid?.() === 0;
    if (hasRoot) seteuid?.(unprivileged);
    try {
      work();
    } finally {
      if (hasRoot) seteuid?.(0);
    }
  };

  it('the options of the service on one machine have defaults', async () => {
    expect(parse()).toEqual({
      port: 8080,
      dataDir,
      layersDir: join(dataDir, 'layers'),
      allowHosts: [],
      keepDays: 30,
      waitingJobs: 1000,
      referenceHosts: [],
      callbackHosts: [],
      mailDomains: [],
      testProcess: true,
      wpsVersion: '1.0.0',
      maxRequestBytes: 4 * 1024 * 1024,
    });
    expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
  });

  it('the options of the service on one machine are used as given', async () => {
    const layersDir = join(folder, 'layers');
    await mkdir(layersDir);
    const args = ['--port', '0', '--layers-dir', layersDir, '--keep-days', '7'];
    const own = ['--processes-dir', layersDir, '--reference-host', '*.Example.org'];
    const callbacks = ['--callback-host', 'portal.example.org', '--without-test-process'];
    const others = [
      ...own,
      ...callbacks,
      '--max-request-mib',
      '64',
      '--waiting-jobs',
      '20',
      '--allow-host',
      'a',
      '--allow-host',
      '[::1]',
      '--wps-version',
      '2.0.0',
    ];
    expect(parse(...args, ...others, '--allow-origin', 'https://portal.example.org')).toEqual({
      port: 0,
      mailDomains: [],
      dataDir,
      layersDir,
      allowHosts: ['a', '[::1]'],
      allowOrigin: 'https://portal.example.org',
      keepDays: 7,
      waitingJobs: 20,
      processesDir: layersDir,
      referenceHosts: ['*.example.org'],
      callbackHosts: ['portal.example.org'],
      testProcess: false,
      wpsVersion: '2.0.0',
      maxRequestBytes: 64 * 1024 * 1024,
    });
  });

  it.each(['-h', '--help'])('option %s of the service on one machine shows help', (option) => {
    expect(parse(option)).toBeUndefined();
  });

  it.each([
    [['--port', 'x'], 'option --port is "x"; allowed: 0 to 65535'],
    [['--port', ''], 'option --port is ""; allowed: 0 to 65535'],
    [['--port', '65536'], 'option --port is "65536"; allowed: 0 to 65535'],
    [['--port', '0x10'], 'option --port is "0x10"; allowed: 0 to 65535'],
    [['--keep-days', '0'], 'option --keep-days is "0"; allowed: 1 to 36500'],
    [['--waiting-jobs', '1.5'], 'option --waiting-jobs is "1.5"; allowed: 1 to 1000000'],
    [['--wps-version', '3.0.0'], 'option --wps-version is "3.0.0"; allowed: 1.0.0, 2.0.0'],
    [['--prot', '1'], "Unknown option '--prot'"],
    [['stray'], "Unexpected argument 'stray'"],
    [['--allow-host', 'a:80'], 'option --allow-host is "a:80"; allowed: a host name'],
    [['--allow-origin', 'https://a.example/'], 'option --allow-origin is "https://a.example/"'],
    [['--allow-origin', 'portal'], 'option --allow-origin is "portal"; allowed: *, or an origin'],
    [
      ['--layers-dir', 'absent'],
      'option --layers-dir is "absent"; allowed: a folder that contains one folder per layer',
    ],
    [
      ['--processes-dir', 'absent'],
      'option --processes-dir is "absent"; allowed: a folder that contains one folder per process',
    ],
    [['--reference-host', 'local'], 'option --reference-host is "local"; allowed: data.example'],
    [['--reference-host', 'a.example.org:80'], 'option --reference-host is "a.example.org:80"'],
    [['--max-request-mib', '0'], 'option --max-request-mib is "0"; allowed: 1 to 1024'],
    [['--data-dir', 'package.json'], 'option --data-dir is "package.json"; allowed: a folder'],
    [['--data-dir', 'package.json/a'], 'option --data-dir: folder'],
  ])('options of the service on one machine are refused: %j', (args, message) => {
    expect(() => parse(...args)).toThrow(OptionFault);
    expect(() => parse(...args)).toThrow(message);
  });

  it('a folder of layers that cannot be read is refused', async () => {
    const layersDir = join(folder, 'layers');
    await mkdir(layersDir, { mode: 0o700 });
    await asOther(() =>
      expect(() => parse('--layers-dir', layersDir)).toThrow(
        `option --layers-dir is "${layersDir}"; allowed: a folder that the service may read`,
      ),
    );
  });

  it('a data folder that cannot be created or written to is refused', async () => {
    await mkdir(join(folder, 'locked'), { mode: 0o755 });
    const inside = join(folder, 'locked', 'data');
    await asOther(() => {
      expect(() => parse('--data-dir', inside)).toThrow(
        `folder ${inside} could not be made (EACCES)`,
      );
      const locked = join(folder, 'locked');
      expect(() => parse('--data-dir', locked)).toThrow('that the service may read and write');
    });
  });
});
