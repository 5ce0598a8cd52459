import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packFunctions } from '../../stacks/function-package.ts';
import { distDir } from '../bundled.ts';
import { writeSampleFunctions } from './sample-functions.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'functions-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the package of the functions', () => {
  it("the functions' package contains the entry points, all their imports, and the files these read, and nothing else", () => {
    const { zip, files } = packFunctions(writeSampleFunctions(folder));
    expect(files).toEqual([
      'package.json',
      'chunks/late-B.js',
      'chunks/late.wasm',
      'chunks/shared-A.js',
      'lambda/canary.js',
      'lambda/handler.js',
      'lambda/job-events.js',
    ]);
    expect(Object.keys(unzipSync(zip))).toEqual(files);
  });

  it("the functions' package says that its modules are ES modules", () => {
    const { zip } = packFunctions(writeSampleFunctions(folder));
    expect(strFromU8(unzipSync(zip)['package.json'] ?? new Uint8Array())).toBe(
      '{"type":"module"}\n',
    );
  });

  it("the functions' package is the same for the same code, whenever it was built", () => {
    const first = packFunctions(writeSampleFunctions(folder));
    writeSampleFunctions(folder);
    utimesSync(join(folder, 'lambda/handler.js'), 1, 1);
    expect(packFunctions(folder).sha256).toBe(first.sha256);
  });

  it("the functions' package is different for different code", () => {
    const first = packFunctions(writeSampleFunctions(folder, 'one'));
    expect(packFunctions(writeSampleFunctions(folder, 'two')).sha256).not.toBe(first.sha256);
  });

  it("the functions' package runs by itself: every built module finds its imports", () => {
    const { zip, files } = packFunctions(distDir);
    for (const [file, content] of Object.entries(unzipSync(zip))) {
      mkdirSync(join(folder, file, '..'), { recursive: true });
      writeFileSync(join(folder, file), content);
    }
    const script = `
      const modules = ${JSON.stringify(files.filter((file) => file.endsWith('.js')))};
      for (const module of modules) await import('./' + module);
      for (const entry of ['handler', 'job-events']) {
        const { handler } = await import('./lambda/' + entry + '.js');
        if (typeof handler !== 'function') throw new Error(entry);
      }`;
    execFileSync(process.execPath, ['--input-type=module', '--eval', script], { cwd: folder });
  });

  it('a missing build is reported with what to do', () => {
    expect(() => packFunctions(folder)).toThrow(
      `${join(folder, 'lambda/handler.js')} is not there; build the functions: npm run build`,
    );
  });
});
