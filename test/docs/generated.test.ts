import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { generatedDocuments } from '../../docs/generated-documents.ts';

describe('documents made from code', () => {
  it.each(Object.entries(generatedDocuments))(
    'docs/%s is up to date with `npm run docs`',
    async (name, generate) => {
      const path = join(import.meta.dirname, '..', '..', 'docs', name);
      expect(await readFile(path, 'utf8')).toBe(await generate());
    },
  );
});
