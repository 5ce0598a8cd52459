import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startMessage } from '../../../lambda/embedded/start-message.ts';
import { decodeXml } from '../../../lambda/protocols/wps-1.0/decode-xml.ts';

let layersDir: string;
beforeEach(async () => {
  layersDir = await mkdtemp(join(tmpdir(), 'layers-'));
});
afterEach(() => rm(layersDir, { recursive: true }));

const message = () =>
  startMessage({ endpoint: 'http://127.0.0.1:8080/wps', dataDir: '/data', layersDir });
const printedProcess = () => {
  const [, body = ''] = /--data-binary '([^']*)'/.exec(message()) ?? [];
  return decodeXml(Buffer.from(body), { maxBytes: 10_000 });
};

describe('what a service says when it has started', () => {
  it('the start message begins with the address of the pages', () => {
    expect(message().split('\n')[0]).toBe('Pages: http://127.0.0.1:8080/');
  });

  it('the start message shows three requests to paste', () => {
    expect(message().match(/^ {2}curl /gm)).toHaveLength(3);
  });

  it("the start message's request runs GoGoDuck on the demo's layer, or echo without one", async () => {
    expect(printedProcess()).toMatchObject({ identifier: 'echo' });
    await mkdir(join(layersDir, 'sample_sst'));
    expect(printedProcess()).toMatchObject({ identifier: 'gs:GoGoDuck' });
  });
});
