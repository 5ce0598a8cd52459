import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { requirement } from '../requirement.ts';
import { officialTests } from './official-tests.ts';

requirement(
  {
    id: 'official-suite',
    clause: 'OGC 18-062r2, annex A',
    title: 'Every test of the official suite has one of its name here',
    status: 'done',
  },
  () => {
    it('every test named after the official suite exists in that suite', async () => {
      const files = await readdir(import.meta.dirname);
      const sources = await Promise.all(
        files
          .filter((name) => name.endsWith('.test.ts'))
          .map((name) => readFile(join(import.meta.dirname, name), 'utf8')),
      );
      const titles = sources.flatMap((source) =>
        [...source.matchAll(/\bit\('((?:test[A-Z]\w+(?: and )?)+):/g)].map(
          ([, names = '']) => names,
        ),
      );
      const mirrored = titles.flatMap((names) => names.split(' and '));
      expect(mirrored.toSorted()).toEqual(Object.values(officialTests).flat().toSorted());
    });
  },
);
