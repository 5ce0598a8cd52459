import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { InputValue, JobInput } from '../../batch-jobs/api/job.ts';
import type { ComplexInput } from '../../batch-jobs/api/process-description.ts';
import { materialiseInputs } from '../../batch-jobs/runner/materialise-inputs.ts';

describe('the inputs that are laid out for a command', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'inputs-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const described: ComplexInput = {
    kind: 'complex',
    identifier: 'document',
    title: 'Document',
    minOccurs: 0,
    maxOccurs: 9,
    maximumMegabytes: 3,
    formats: [{ mimeType: 'text/plain', extension: '.txt' }],
  };
  const input = (identifier: string, value: InputValue): JobInput => ({
    identifier,
    given: true,
    value,
  });
  const complex = (source: Extract<InputValue, { kind: 'complex' }>['source']) =>
    ({
      kind: 'complex',
      mimeType: 'text/plain',
      encoding: 'utf-8',
      schema: 'urn:s',
      source,
    }) as const;
  const reference = { href: 'https://example.org/a', method: 'GET', headers: [] } as const;

  it("a command's inputs are lists of values by input, complex ones with the path of their file", async () => {
    const literal = { kind: 'literal', value: '1', dataType: 'integer', uom: 'm' } as const;
    const box = { kind: 'bounding-box', crs: 'urn:c', lower: [1, 2], upper: [3, 4] } as const;
    const inputs = join(folder, 'inputs');
    const path = await materialiseInputs(
      [
        input('count', literal),
        input('document', complex({ text: 'é' })),
        input('count', { ...literal, value: '2' }),
        input('document', complex({ base64: 'Af8=' })),
        input('area', box),
      ],
      [described],
      inputs,
      () => Promise.reject(new Error('nothing is fetched')),
      new AbortController().signal,
    );
    expect(path).toBe(join(inputs, 'inputs.json'));
    const format = { kind: 'complex', mimeType: 'text/plain', encoding: 'utf-8', schema: 'urn:s' };
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({
      count: [literal, { ...literal, value: '2' }],
      document: [
        { ...format, path: join(inputs, 'input-1') },
        { ...format, path: join(inputs, 'input-3') },
      ],
      area: [box],
    });
    expect(await readFile(join(inputs, 'input-1'), 'utf8')).toBe('é');
    expect(await readFile(join(inputs, 'input-3'))).toEqual(Buffer.of(1, 255));
  });

  it.each([
    ['as large as its description allows, in mebibytes', 'document', 3 * 1024 * 1024],
    ['nothing where it is described no more', 'gone', 0],
  ])(
    "a command's inputs that are references are fetched: %s",
    async (_, identifier, maximumBytes) => {
      const fetched: unknown[] = [];
      const { signal } = new AbortController();
      const fetch = async (...given: unknown[]) => void fetched.push(...given);
      const inputs = [input(identifier, complex(reference))];
      await materialiseInputs(inputs, [described], folder, fetch, signal);
      const path = join(folder, 'input-0');
      expect(fetched).toEqual([reference, { identifier, path, maximumBytes }, signal]);
    },
  );
});
