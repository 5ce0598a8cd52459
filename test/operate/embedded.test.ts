import { type FileHandle, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jsonLog } from '../../batch-jobs/api/log.ts';
import {
  type EmbeddedService,
  startEmbeddedService,
} from '../../lambda/embedded/embedded-service.ts';
import { distDir } from '../bundled.ts';
import { operate } from './called-program.ts';

let dataDir: string;
let service: EmbeddedService;
let output: FileHandle;
let target: readonly string[];
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'operate-'));
  output = await open('/dev/null', 'w');
  service = await startEmbeddedService({
    port: 0,
    dataDir,
    layersDir: dataDir,
    batchJobsDir: join(distDir, 'batch-jobs'),
    environment: process.env,
    allowHosts: [],
    jobOutput: output.fd,
    log: jsonLog(() => undefined),
  });
  target = ['--data-dir', dataDir];
});
afterAll(async () => {
  await service?.close();
  await output?.close();
  await rm(dataDir, { recursive: true, force: true });
});

const json = async (...args: readonly string[]) => {
  const { printed, told, code } = await operate([...args, ...target, '--json']);
  expect(code, told).toBe(0);
  return JSON.parse(printed);
};

async function execute(message: string): Promise<string> {
  const url = new URL('/processes/echo/execution', service.endpoint);
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', prefer: 'respond-async' },
    body: JSON.stringify({ inputs: { message } }),
  });
  const { jobID }: { jobID: string } = JSON.parse(await response.text());
  return jobID;
}

const ended = (id: string) => operate(['logs', id, '--follow', ...target]);

describe('a service on one machine', () => {
  it("operators' commands list, show, follow, run again and dismiss jobs of a service on one machine", async () => {
    const id = await execute('first');
    const followed = await ended(id);
    expect(followed.printed).toMatch(
      /accepted 0 %.*\n[\s\S]*successful 100 % The outputs are ready\.$/,
    );
    expect(followed.told).toContain('standard error of the service');
    expect(followed.told).toMatch(
      new RegExp(`^Job ${id} is successful: The outputs are ready\\.$`, 'm'),
    );
    expect(await json('jobs', 'list', '--status', 'successful')).toMatchObject([{ jobID: id }]);
    expect(await json('jobs', 'show', id)).toMatchObject({ jobID: id, progress: 100 });

    const again = await json('jobs', 'run-again', id);
    expect(again.jobID).not.toBe(id);
    await ended(again.jobID);
    const output = new URL(`/jobs/${again.jobID}/results/result`, service.endpoint);
    expect(await (await fetch(output)).text()).toBe('first\n');

    expect(await json('jobs', 'dismiss', id, '--yes')).toMatchObject([{ status: 'dismissed' }]);
    expect((await operate(['jobs', 'list', ...target, '--process', 'echo'])).printed).toMatch(
      new RegExp(`${id}  echo +dismissed`),
    );
  });

  it("operators' commands dismiss no job without a yes", async () => {
    const id = await execute('kept');
    await ended(id);
    const dismiss = ['jobs', 'dismiss', id, ...target];
    const without = await operate(dismiss);
    expect(without).toMatchObject({ code: 1, printed: '' });
    expect(without.told).toContain('There is no terminal to ask on; add --yes to go ahead.');
    expect((await operate(dismiss, false)).told).toContain('Nothing was changed.');
    expect(await json('jobs', 'show', id)).toMatchObject({ status: 'successful' });
    expect((await operate(dismiss, true)).code).toBe(0);
    expect(await json('jobs', 'show', id)).toMatchObject({ status: 'dismissed' });
  });

  it('the doctor finds a service on one machine in order, with jobs over each protocol', async () => {
    const found: { subject: string; verdict: string }[] = await json('doctor');
    expect(found.filter(({ verdict }) => verdict !== 'ok')).toEqual([]);
    expect(found.map(({ subject }) => subject)).toEqual(
      expect.arrayContaining([
        'data folder',
        'WPS 2.0, Execute, GetStatus, GetResult',
        'OGC API - Processes, execution, job, results',
      ]),
    );
    const quick: { subject: string }[] = await json('doctor', '--no-test-job');
    expect(quick.length).toBeGreaterThan(3);
    expect(quick.filter(({ subject }) => /execut/i.test(subject))).toEqual([]);
  });

  it('a notice is shown by a service on one machine until it is cleared', async () => {
    const landing = async () => await (await fetch(new URL('/?f=html', service.endpoint))).text();
    await json('notice', 'set', 'Down on Sunday.', '--severity', 'warning');
    await expect.poll(landing).toContain('Down on Sunday.');
    expect(await json('notice', 'show')).toEqual({ text: 'Down on Sunday.', severity: 'warning' });
    const replace = await operate(['notice', 'set', 'Another.', ...target]);
    expect(replace).toMatchObject({ code: 1 });
    expect(replace.told).toMatch(/Shown now: Down on Sunday\.\nReplace it\?.*--yes/);
    await json('notice', 'clear', '--yes');
    await expect.poll(landing).not.toContain('Down on Sunday.');
    expect(await json('notice', 'show')).toBeNull();
  });

  it('a notice that could not be shown is refused, and the existing one stays', async () => {
    const path = join(dataDir, 'notice.json');
    await writeFile(path, '{"text":"Old.","severity":"info"}');
    const { code, told } = await operate(['notice', 'set', ' ', '--yes', ...target]);
    expect({ code, told }).toMatchObject({ code: 1, told: expect.stringContaining('text is " "') });
    expect(await readFile(path, 'utf8')).toContain('Old.');
  });

  it("operators' commands count the jobs of a service on one machine by status", async () => {
    const count = async (): Promise<number> => (await json('status')).jobs.successful;
    const before = await count();
    await ended(await execute('counted'));
    expect(await count()).toBe(before + 1);
    const { printed } = await operate(['status', ...target]);
    expect(printed).toMatch(/^service +http:.*\naccepted +0\n/);
  });

  it("operators' commands name a job that does not exist, and how to list existing ones", async () => {
    const { code, told } = await operate(['jobs', 'show', 'nothing', ...target]);
    expect({ code, told }).toEqual({
      code: 1,
      told: 'There is no job "nothing": it may have expired, or the id is not whole; "jobs list" shows the jobs that exist.',
    });
  });

  it("operators' commands without meaning for a service on one machine say so", async () => {
    const endpoint = ['--endpoint', service.endpoint];
    expect((await operate(['notice', 'show', ...endpoint])).told).toMatch(/--data-dir/);
    expect((await operate(['jobs', 'list', ...endpoint])).code).toBe(0);
  });
});

describe('a service that is not there', () => {
  it("operators' commands say that a service does not answer, and the doctor names the command that starts it", async () => {
    const gone = ['--endpoint', 'http://127.0.0.1:9'];
    expect(await operate(['jobs', 'list', ...gone])).toMatchObject({
      code: 1,
      told: expect.stringMatching(
        /http:\/\/127\.0\.0\.1:9 does not answer .*Is the service running\?/,
      ),
    });
    const doctor = await operate(['doctor', ...gone, '--json']);
    expect(doctor.code).toBe(1);
    const found: { verdict: string; mend?: string }[] = JSON.parse(doctor.printed);
    expect(new Set(found.map(({ verdict, mend }) => `${verdict} ${mend}`))).toEqual(
      new Set(['broken npm start']),
    );
  });

  it.each([
    [[], /Nothing says what to work on; give one of/],
    [['--env', 'DEV', '--data-dir', '.'], /Several options say what to work on/],
    [['--env', 'MARS'], /no environment "MARS"; environments\/ has DEV, SYSTEST, RC, PROD/],
    [['--env', 'http://localhost'], /For a service at an URL: --endpoint http:\/\/localhost/],
    [['--endpoint', 'localhost'], /--endpoint is "localhost"; give an absolute URL/],
    [['--data-dir', '/nowhere'], /No service has used the data folder \/nowhere/],
  ])("operators' commands need options that select one target: %j", async (options, words) => {
    expect(await operate(['jobs', 'list', ...options])).toMatchObject({
      code: 1,
      told: expect.stringMatching(words),
    });
  });
});
