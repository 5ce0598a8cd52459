import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fetchSchemas } from './fetch-schemas.ts';
import { describeWhere } from './left-out.ts';
import { officialSchemas, schemasDir } from './official-schema-files.ts';

let folder: string;
let site: Server;
let asked: string[];
let missing: string | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'schemas-'));
  asked = [];
  missing = undefined;
  // Serves the sites of OGC and W3C below /ogc/ and /w3/, from the local copy of the schemas.
  site = createServer(async (request, response) => {
    const path = request.url ?? '/';
    asked.push(path);
    const file = path.startsWith('/ogc/') ? path.slice('/ogc/'.length) : `w3/${basename(path)}`;
    const text = await readFile(join(schemasDir, file)).catch(() => undefined);
    if (text === undefined || path === missing) response.writeHead(404).end();
    else response.end(text);
  });
  await new Promise<void>((listening) => site.listen(0, '127.0.0.1', listening));
});

afterEach(async () => {
  site.closeAllConnections();
  await new Promise((closed) => site.close(closed));
  await rm(folder, { recursive: true });
});

function sites() {
  const origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  return { ogc: `${origin}/ogc/`, w3: `${origin}/w3/` };
}

describeWhere([officialSchemas], 'the official schemas', () => {
  it('fetched schemas include all that they import, each once and unchanged', async () => {
    const target = join(folder, '.cache', 'ogc-schemas');
    await fetchSchemas(target, sites());
    expect(asked.length).toBe(new Set(asked).size);
    expect(asked).toContain('/w3/2001/xml.xsd');
    for (const part of ['wps/1.0.0', 'wps/1.0.0/common', 'ows/1.1.0']) {
      for (const name of await readdir(join(schemasDir, part))) {
        if (!name.endsWith('.xsd')) continue;
        const text = await readFile(join(target, part, name), 'utf8');
        expect(text, name).toBe(await readFile(join(schemasDir, part, name), 'utf8'));
      }
    }
    expect((await readdir(join(target, 'w3'))).sort()).toEqual(['xlink.xsd', 'xml.xsd']);
  });

  it('fetched schemas are stored completely or not at all', async () => {
    missing = '/ogc/ows/1.1.0/owsCommon.xsd';
    const target = join(folder, 'ogc-schemas');
    await expect(fetchSchemas(target, sites())).rejects.toThrow(
      /\/ogc\/ows\/1\.1\.0\/owsCommon\.xsd answered 404/,
    );
    expect(await readdir(folder)).toEqual([]);
  });

  it('a schema that cannot be fetched is reported with its address', async () => {
    const gone = sites();
    await new Promise((closed) => site.close(closed));
    await expect(fetchSchemas(join(folder, 'ogc-schemas'), gone)).rejects.toThrow(
      /wpsAll\.xsd cannot be fetched: connect ECONNREFUSED/,
    );
  });
});
