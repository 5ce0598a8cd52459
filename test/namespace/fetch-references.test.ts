import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { distDir } from '../bundled.ts';
import { describeWhere, type Need } from '../left-out.ts';
import { faultsOf } from '../official-schemas.ts';
import { asOneFile } from '../one-file.ts';
import { select } from '../xml.ts';

const unshare = ['--net', '--mount', ...(process.getuid?.() === 0 ? [] : ['--map-root-user'])];

/** Makes every address of IPv4 and IPv6 this machine's, and 127.0.0.1 the only name server. */
const everyAddressHere =
  'ip link set lo up && ip route add local 0.0.0.0/0 dev lo && ip -6 route add local ::/0 dev lo && mount --bind "$RESOLV_CONF" /etc/resolv.conf';

function inNamespace(command: string, resolvConf: string) {
  return spawnSync('unshare', [...unshare, 'sh', '-c', `${everyAddressHere} && ${command}`], {
    env: { ...process.env, RESOLV_CONF: resolvConf },
    encoding: 'utf8',
    timeout: 300_000,
  });
}

const folder = mkdtempSync(join(tmpdir(), 'resolv-'));
const resolvConf = join(folder, 'resolv.conf');
writeFileSync(resolvConf, 'nameserver 127.0.0.1\n');
const attempt = inNamespace('true', resolvConf);
const namespaces: Need = {
  name: 'network namespaces',
  isMet: () => attempt.status === 0,
  from: `run on Linux with unshare and ip, with the right to use them (${attempt.stderr?.trim() || attempt.error})`,
};

describeWhere([namespaces], 'the whole service where every address is a trap', () => {
  const good = [
    'http://data.example.org/',
    'http://rebinding.example.org/',
    'http://93.184.216.34/',
    'http://data.example.org/to?http://data.example.org/',
  ];
  const bad = [
    'http://private.example.org/',
    'http://loopback.example.org/',
    'http://metadata.example.org/',
    'http://mixed.example.org/',
    'http://loopback6.example.org/',
    'http://mapped.example.org/',
    'http://nat64.example.org/',
    'http://unique-local.example.org/',
    'http://nowhere.example.org/',
    'http://localhost/',
    'http://10.0.0.7/',
    'http://[::1]/',
    'http://data.example.org/to?http://private.example.org/',
    'http://data.example.org/to?http://10.0.0.7/',
    'http://data.example.org/to?http://other.example.com/',
    'http://data.example.org/to?file:///etc/passwd',
  ];
  let seen: {
    answers: Record<string, { status: number; text: string }>;
    connections: string[];
    trapped: string[];
  };

  beforeAll(async () => {
    const program = await asOneFile(join(import.meta.dirname, 'fetch-references.ts'));
    const urls = [...good, ...bad].map((url) => `'${url}'`).join(' ');
    const run = inNamespace(`'${process.execPath}' '${program}' '${distDir}' ${urls}`, resolvConf);
    rmSync(folder, { recursive: true });
    expect(run.status, run.stderr).toBe(0);
    seen = JSON.parse(/^RESULT (.*)$/m.exec(run.stdout)?.[1] ?? '');
  }, 300_000);

  it.each(good)('the runner fetches a reference to %s', (url) => {
    expect(seen.answers[url]).toEqual({ status: 200, text: 'echo\nthe data\n' });
  });

  it.each(bad)('the runner fetches nothing from %s', (url) => {
    const { status, text } = seen.answers[url] ?? { status: 0, text: '' };
    expect(status, text).toBe(400);
    expect(faultsOf(text)).toEqual([]);
    expect(select(text, '//wps:ProcessFailed//@exceptionCode')).toEqual(['InvalidParameterValue']);
    expect(select(text, '//@locator')).toEqual(['document']);
    expect(text).not.toMatch(/127\.0\.0\.1(?!:)|169\.254|the data/);
  });

  it('the runner connects to public addresses that it checked, and to no other', () => {
    expect(new Set(seen.connections)).toEqual(new Set(['::ffff:93.184.216.34']));
    // A redirect to the same host makes two connections.
    expect(seen.connections).toHaveLength(good.length + 1 + 4);
  });

  it('the traps for references would catch a connection', () => {
    expect(seen.trapped).toEqual(['::ffff:10.0.0.7', '::ffff:169.254.169.254', '::1']);
  });
});
