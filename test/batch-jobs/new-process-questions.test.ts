import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { ask } from '../../batch-jobs/author/questions.ts';

/** The questions and answers when a person types these lines and then ends the input. */
async function asked(lines: readonly string[], given: Parameters<typeof ask>[0] = {}) {
  const input = new PassThrough();
  const output = new PassThrough();
  input.end(lines.map((line) => `${line}\n`).join(''));
  const said = text(output);
  const answers = await ask(given, { input, output }).finally(() => output.end());
  return { answers, said: await said };
}

describe('the questions of new-process', () => {
  it('ask for what was not given, and take lines that were pasted together one by one', async () => {
    const { answers, said } = await asked(['sea-level', 'shell', 'Sea level', 'It rises']);
    expect(answers).toEqual({
      name: 'sea-level',
      language: 'shell',
      title: 'Sea level',
      abstract: 'It rises',
    });
    expect(said).toMatch(/Name: .*Language: python, .* \(python\): .*Title \(Sea level\): /s);
  });

  it('new-process does not ask for what was given, and Enter accepts what it proposes', async () => {
    const { answers, said } = await asked(['', ''], { name: 'sea-level', language: 'r' });
    expect(answers).toEqual({
      name: 'sea-level',
      language: 'r',
      title: 'Sea level',
      abstract: 'Sea level.',
    });
    expect(said).not.toContain('Language');
  });

  it('new-process repeats a question after an invalid answer, with what is allowed', async () => {
    const { answers, said } = await asked(['Sea Level', 'sea-level', 'cobol', 'node', '', '']);
    expect(answers).toMatchObject({ name: 'sea-level', language: 'node' });
    expect(said).toContain('Use lower-case letters and digits');
    expect(said).toContain('Language is "cobol"; allowed: python, node, typescript, r, shell.');
  });

  it('new-process ends with words when the input ends before its questions are answered', async () => {
    await expect(asked(['sea-level', 'python'])).rejects.toThrow(
      'the input ended before "Title" was answered; nothing was written',
    );
  });
});
