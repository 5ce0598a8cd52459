import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { httpClient } from '../../batch-jobs/gogoduck/http-client.ts';
import { JobError } from '../../batch-jobs/gogoduck/job-error.ts';
import { obtainFiles } from '../../batch-jobs/gogoduck/obtain-files.ts';
import { WfsFileIndex } from '../../batch-jobs/gogoduck/wfs-file-index.ts';
import { describeFileIndex, layersUnderTest } from '../contracts/file-index.ts';
import { type Intercept, startWfs, type WfsServer } from './wfs-server.ts';

const columns = { file: 'file_url', size: 'size', time: 'time' };
const client = () =>
  httpClient({ retries: 2, firstRetryMilliseconds: 1, silenceMilliseconds: 60_000 });
const indexOf = (server: WfsServer, change: Partial<typeof columns> = {}, filesUrl = '/files') =>
  new WfsFileIndex(
    {
      wfsUrl: `${server.url}/wfs?map=layers`,
      filesUrl: `${server.url}${filesUrl}`,
      columns: { ...columns, ...change },
    },
    client(),
  );

describeFileIndex('a WFS', async () => {
  const server = await startWfs(layersUnderTest);
  const folder = await mkdtemp(join(tmpdir(), 'fetched-'));
  return {
    source: {
      index: indexOf(server),
      obtain: (files, onFile) => obtainFiles(files, folder, client(), onFile),
    },
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true });
    },
  };
});

describe('a WFS that lists the files of layers', () => {
  let server: WfsServer | undefined;
  afterEach(async () => {
    await server?.stop();
    server = undefined;
  });
  const start = async (intercept: Intercept) => {
    server = await startWfs(layersUnderTest, intercept);
    return server;
  };
  const csv = (text: string, type = 'text/csv'): Intercept => {
    return (_, to) => {
      to.writeHead(200, { 'content-type': type }).end(text);
      return true;
    };
  };
  const faultOf = async (listing: Promise<unknown>): Promise<JobError> => {
    const error = await listing.catch((reason) => reason);
    if (error instanceof JobError) return error;
    throw error;
  };

  it('a WFS is asked for the files of the period, and for the one before it', async () => {
    const wfs = await start(() => false);
    const period = { minimum: Date.UTC(2020, 0, 1, 7), maximum: Date.UTC(2020, 0, 1, 13) };
    const files = await indexOf(wfs).list('sixHourly', period);
    expect(files.map(({ name }) => name)).toEqual([
      'IMOS_20200101T060000Z.nc',
      'IMOS_20200101T120000Z.nc',
    ]);
    expect(files[0]).toEqual({
      name: 'IMOS_20200101T060000Z.nc',
      location: { url: `${wfs.url}/files/sixHourly/IMOS_20200101T060000Z.nc` },
      size: 10,
      time: Date.UTC(2020, 0, 1, 6),
    });
    const [within] = wfs.requests.map((url) => new URL(url, wfs.url).searchParams);
    expect(Object.fromEntries(within ?? [])).toEqual({
      map: 'layers',
      service: 'WFS',
      version: '1.1.0',
      request: 'GetFeature',
      typeName: 'sixHourly',
      outputFormat: 'csv',
      CQL_FILTER: "time >= '2020-01-01T07:00:00.000Z' AND time <= '2020-01-01T13:00:00.000Z'",
    });
  });

  it('a WFS may name its columns differently, leave some out, and write times without a zone', async () => {
    const wfs = await start(csv('\ufeffid,url,begin\n1,"a,b.nc",2020-01-01T00:00:00\n2,c.nc,\n'));
    const files = await indexOf(wfs, { file: 'url', time: 'begin' }).list('any');
    expect(files.map(({ name, size, time }) => ({ name, size, time }))).toEqual([
      { name: 'c.nc', size: undefined, time: undefined },
      { name: 'a,b.nc', size: undefined, time: Date.UTC(2020, 0, 1) },
    ]);
  });

  it('a WFS is asked again if it is busy, and given up in the end', async () => {
    let failures = 2;
    const wfs = await start((_, to) => {
      if (failures-- <= 0) return false;
      to.writeHead(503).end();
      return true;
    });
    expect(await indexOf(wfs).list('sixHourly')).toHaveLength(4);
    failures = 100;
    const fault = await faultOf(indexOf(wfs).list('sixHourly'));
    expect(fault.message).toBe(
      'The list of the files of layer "sixHourly" is currently unavailable.',
    );
    expect(fault.exitCode).toBe(1);
  });

  it('a WFS that cannot be reached may be reached by another attempt', async () => {
    const wfs = await start(() => false);
    await wfs.stop();
    server = undefined;
    expect((await faultOf(indexOf(wfs).list('sixHourly'))).exitCode).toBe(1);
  });

  it('a WFS answer that breaks off is not taken for a complete one', async () => {
    const wfs = await start((_, to) => {
      to.writeHead(200, { 'content-type': 'text/csv' });
      to.write('file_url,size,time\na.nc,1,2020-01-01T00:00:00Z\n', () => to.destroy());
      return true;
    });
    expect((await faultOf(indexOf(wfs).list('sixHourly'))).exitCode).toBe(1);
  });

  it.each([
    [
      'refuses the request',
      'text/xml',
      '<ServiceException>no such property</ServiceException>',
      1,
      'is currently unavailable',
    ],
    [
      'does not know the layer, and says so with status 200',
      'application/xml',
      '<ServiceException code="InvalidParameterValue" locator="typeName"/>',
      66,
      'no such layer',
    ],
    [
      'lacks the column of files',
      'text/csv',
      'url\na.nc\n',
      65,
      'has no column "file_url" or no value in it',
    ],
    [
      'has a row without a file',
      'text/csv',
      'file_url,size\n,3\n',
      65,
      'has no column "file_url" or no value in it',
    ],
    [
      'has rows that are broken',
      'text/csv',
      'file_url,size\n"a.nc,3\n',
      1,
      'is currently unavailable',
    ],
    [
      'has a time that cannot be parsed',
      'text/csv',
      'file_url,time\na.nc,soon\n',
      65,
      'has a time that is not ISO 8601',
    ],
    [
      'names files elsewhere',
      'text/csv',
      'file_url\nhttp://169.254.169.254/secret\n',
      65,
      'names a file that is not where its files are',
    ],
    [
      'names files above its folder',
      'text/csv',
      'file_url\n../secret.nc\n',
      65,
      'names a file that is not where its files are',
    ],
    [
      'names a folder that begins alike',
      'text/csv',
      'file_url\n/files-of-others/a.nc\n',
      65,
      'names a file that is not where its files are',
    ],
  ])(
    'a faulty WFS answer fails the job, which says why: %s',
    async (_, type, text, exitCode, words) => {
      const wfs = await start(csv(text, type));
      const fault = await faultOf(indexOf(wfs).list('sixHourly'));
      expect(fault.message).toContain(words);
      expect(fault.exitCode).toBe(exitCode);
    },
  );
});
