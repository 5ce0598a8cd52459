import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installationData } from '../../environments/index.ts';
import { parseInstallation } from '../../environments/installation.ts';
import type { Notice } from '../../lambda/configuration/notice.ts';
import { noticeStore } from '../../stacks/operate/notices.ts';
import { environmentNamed } from '../../stacks/operate/target.ts';
import { answeringAws } from './answering-aws.ts';
import { operate } from './called-program.ts';
import { answersOf, buckets, healthy } from './sample-environment.ts';

const notice: Notice = { text: 'Down on Sunday.', severity: 'warning' };
const service = { kind: 'service', baseUrl: 'http://127.0.0.1:8080/', headers: {} } as const;

describe('the notice of a service on one machine', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'notices-'));
  });
  afterEach(() => rm(dataDir, { recursive: true }));
  const opened = () => noticeStore({ ...service, dataDir });

  it('the notice of a service on one machine is a file in its data folder that only its user can read', async () => {
    const store = await opened();
    expect(store.place).toBe(join(dataDir, 'notice.json'));
    expect(await store.read()).toBeUndefined();
    await store.write(notice);
    expect(await (await opened()).read()).toEqual(notice);
    expect(JSON.parse(await readFile(store.place, 'utf8'))).toEqual(notice);
    expect((await stat(store.place)).mode & 0o777).toBe(0o600);
    await store.clear();
    await store.clear();
    expect(await store.read()).toBeUndefined();
  });

  it('the notice of a service on one machine that cannot be read is an error, unlike one that is missing', async () => {
    await writeFile(join(dataDir, 'notice.json'), '{"text":');
    await expect((await opened()).read()).rejects.toThrow(/notice/i);
    const file = await noticeStore({ ...service, dataDir: join(dataDir, 'notice.json') });
    await expect(file.read()).rejects.toThrow('ENOTDIR');
  });

  it('the command shows a notice from its first instant to its last, and asks before it replaces one', async () => {
    await writeFile(join(dataDir, '.endpoint'), 'http://127.0.0.1:8080/wps\n');
    const target = ['--data-dir', dataDir];
    const day = { from: '2026-12-24', until: '2026-12-26' };
    const { printed } = await operate([
      ...['notice', 'set', 'Closed.', '--from', day.from, '--until', day.until, '--json'],
      ...target,
    ]);
    const dated = {
      ...{ text: 'Closed.', severity: 'info' },
      ...{ from: `${day.from}T00:00:00.000Z`, until: `${day.until}T00:00:00.000Z` },
    };
    expect(JSON.parse(printed)).toEqual(dated);
    expect((await operate(['notice', 'show', ...target])).printed).toBe(
      `info: Closed.\nfrom ${dated.from}\nuntil ${dated.until}`,
    );
    const another = ['notice', 'set', 'Open.', '--severity', 'critical', ...target];
    const refused = await operate(another, false);
    expect(refused.code).not.toBe(0);
    expect(refused.told).toMatch(/Shown now: Closed\..*Replace it\?/s);
    expect(await (await opened()).read()).toEqual(dated);
    expect((await operate(another, true)).printed).toBe(
      `Written to ${join(dataDir, 'notice.json')}.`,
    );
    expect(await (await opened()).read()).toEqual({ text: 'Open.', severity: 'critical' });
    expect((await operate(['notice', 'show', ...target])).printed).toBe('critical: Open.');
  });

  it('a service of which only the address is known has no notice here', async () => {
    await expect(noticeStore(service)).rejects.toThrow(
      /name the environment \(--env\) or the data folder \(--data-dir\)/,
    );
  });
});

describe('the notice of an environment', () => {
  let objects: Readonly<Record<string, string>>;
  let aws: ReturnType<typeof answeringAws>;
  beforeEach(() => {
    objects = healthy.objects;
    aws = answeringAws(() => answersOf({ ...healthy, objects }));
  });
  afterEach(() => aws.end());
  const opened = () => noticeStore(environmentNamed('DEV', parseInstallation(installationData)));

  it('the notice of an environment is an object beside its configuration', async () => {
    const store = await opened();
    expect(store.place).toBe(`s3://${buckets.configuration}/DEV/notice.json`);
    expect(await store.read()).toBeUndefined();
    objects = { [`${buckets.configuration}/DEV/notice.json`]: JSON.stringify(notice) };
    expect(await store.read()).toEqual(notice);
    await store.write(notice);
    await store.clear();
    const place = { Bucket: buckets.configuration, Key: 'DEV/notice.json' };
    expect(aws.sent.slice(-2)).toEqual([
      {
        call: 's3 PutObject',
        input: { ...place, Body: JSON.stringify(notice), ContentType: 'application/json' },
      },
      { call: 's3 DeleteObject', input: place },
    ]);
  });
});
