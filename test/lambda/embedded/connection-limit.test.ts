import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jsonLog } from '../../../batch-jobs/api/log.ts';
import { connectionLimit } from '../../../lambda/embedded/connection-limit.ts';
import { httpServer } from '../../../lambda/embedded/http-server.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limits-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function limitOf(files: string): Promise<number | undefined> {
  const path = join(folder, 'limits');
  await writeFile(
    path,
    `Limit                     Soft Limit           Hard Limit           Units
Max processes             95000                95000                processes
Max open files            ${files.padEnd(20)} 1048576              files
`,
  );
  return connectionLimit(path);
}

describe('the connections that may be open at once', () => {
  it('the connection limit leaves 128 files for jobs and the service', async () => {
    expect(await limitOf('1024')).toBe(896);
    expect(await limitOf('257')).toBe(129);
  });

  it('the connection limit leaves half of the files if there are few', async () => {
    expect(await limitOf('255')).toBe(127);
    expect(await limitOf('60')).toBe(30);
  });

  it('there is no connection limit if the system does not limit files, or does not say so', async () => {
    expect(await limitOf('unlimited')).toBeUndefined();
    expect(connectionLimit(join(folder, 'absent'))).toBeUndefined();
  });

  it('a connection beyond the limit is refused, which is logged once', async () => {
    const warnings: string[] = [];
    const log = jsonLog((line) => warnings.push(JSON.parse(line).message));
    const server = httpServer(async () => ({ status: 200, headers: {}, body: '' }), 1, log, {
      maximumConnections: 1,
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const first = connect(port, '127.0.0.1');
    await once(server, 'connection');
    for (const further of [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')]) {
      further.resume();
      await once(further, 'close');
    }
    expect(first.closed).toBe(false);
    expect(warnings).toEqual(['connections refused: as many are open as may be']);
    first.destroy();
    server.close();
  });
});
