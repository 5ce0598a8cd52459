import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { httpClient } from '../../batch-jobs/gogoduck/http-client.ts';
import { JobError } from '../../batch-jobs/gogoduck/job-error.ts';
import { obtainFiles } from '../../batch-jobs/gogoduck/obtain-files.ts';
import { type Intercept, startWfs, type WfsServer } from './wfs-server.ts';

const content = 'x'.repeat(100_000);
const layers = { layer: ['a.nc', 'b.nc', 'c.nc'].map((name) => ({ name, time: '', content })) };

describe('fetching files', () => {
  let folder: string;
  let server: WfsServer;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fetched-'));
  });
  afterEach(async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  });
  const start = async (intercept?: Intercept) => {
    server = await startWfs(layers, intercept);
  };
  const file = (name: string, size?: number) => ({
    name,
    location: { url: `${server.url}/files/layer/${name}` },
    ...(size === undefined ? {} : { size }),
  });
  const obtain = (
    files: ReturnType<typeof file>[],
    told: number[] = [],
    silenceMilliseconds = 60_000,
  ) =>
    obtainFiles(
      files,
      folder,
      httpClient({ retries: 2, firstRetryMilliseconds: 1, silenceMilliseconds }),
      (index) => told.push(index),
    );
  const faultOf = async (obtaining: Promise<unknown>): Promise<JobError> => {
    const error = await obtaining.catch((reason) => reason);
    if (error instanceof JobError) return error;
    throw error;
  };

  it('each fetched file gets a folder of its own, and is reported', async () => {
    await start();
    const told: number[] = [];
    const paths = await obtain([file('a.nc'), file('b.nc'), file('a.nc')], told);
    expect(paths.map((path) => relative(folder, path))).toEqual(['0/a.nc', '1/b.nc', '2/a.nc']);
    expect(await readFile(paths[2] as string, 'utf8')).toBe(content);
    expect(told.toSorted()).toEqual([0, 1, 2]);
  });

  it('fetching continues where a download broke off', async () => {
    let breaks = 1;
    await start((from, to) => {
      if (from.headers.range) {
        const start = Number(/bytes=(\d+)-/.exec(from.headers.range)?.[1]);
        to.writeHead(206, {
          'content-range': `bytes ${start}-${content.length - 1}/${content.length}`,
          etag: '"1"',
        }).end(content.slice(start));
        return true;
      }
      if (breaks-- <= 0) return false;
      to.writeHead(200, { 'content-length': content.length, etag: '"1"' });
      to.write(content.slice(0, 40_000), () => setImmediate(() => to.destroy()));
      return true;
    });
    const [path] = await obtain([file('a.nc')]);
    expect(await readFile(path as string, 'utf8')).toBe(content);
  });

  it.each([429, 500, 502, 503, 504])(
    'fetching is tried again if it is answered %d, as when throttled',
    async (status) => {
      let refusals = 2;
      await start((_, to) => {
        if (refusals === 0) return false;
        refusals -= 1;
        to.writeHead(status).end();
        return true;
      });
      const [path] = await obtain([file('a.nc')]);
      expect(await readFile(path as string, 'utf8')).toBe(content);
      expect(server.requests).toHaveLength(3);
    },
  );

  it.each([400, 403, 410])('fetching is not tried again if it is answered %d', async (status) => {
    await start((_, to) => {
      to.writeHead(status).end();
      return true;
    });
    expect((await faultOf(obtain([file('a.nc')]))).message).toContain(`answered ${status}`);
    expect(server.requests).toHaveLength(1);
  });

  it('a part of a file is never mistaken for the whole', async () => {
    await start((_, to) => {
      to.writeHead(200, { 'content-length': content.length });
      to.write(content.slice(0, 40_000), () => setImmediate(() => to.destroy()));
      return true;
    });
    const fault = await faultOf(obtain([file('a.nc')]));
    expect(fault).toMatchObject({ exitCode: 1, message: 'File "a.nc" is currently unavailable.' });
  });

  it('fetching many files fails if one does not exist, and names it', async () => {
    await start();
    const fault = await faultOf(obtain([file('a.nc'), file('gone.nc'), file('b.nc')]));
    expect(fault).toMatchObject({
      exitCode: 66,
      message:
        'File "gone.nc" is listed for the layer but is unavailable: its server answered 404.',
    });
  });

  it('fetching follows no redirects, which could lead anywhere', async () => {
    await start((from, to) => {
      if (from.url?.endsWith('b.nc')) return false;
      to.writeHead(302, { location: '/files/layer/b.nc' }).end();
      return true;
    });
    expect((await faultOf(obtain([file('a.nc')]))).message).toContain('its server answered 302');
  });

  it('fetching gives up a silent server', async () => {
    await start(() => true);
    expect((await faultOf(obtain([file('a.nc')], [], 100))).exitCode).toBe(1);
  });

  it('fetching fails before it begins if there is no room', async () => {
    await start();
    const fault = await faultOf(obtain([file('a.nc', 2 ** 60)]));
    expect(fault.message).toMatch(
      /^The subset needs 1\.07e\+9 GiB of files, and there is room for/,
    );
    expect(server.requests).toEqual([]);
  });
});
