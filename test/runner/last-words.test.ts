import { describe, expect, it } from 'vitest';
import { LastWords } from '../../batch-jobs/runner/last-words.ts';

function wordsOf(text: string): LastWords {
  const words = new LastWords();
  for (const line of text.split('\n')) words.add(line);
  return words;
}

describe('the last words of a program', () => {
  it.each([
    [
      'of Python, whose traceback ends with them',
      `Traceback (most recent call last):
  File "/app/batch-jobs/x/x.py", line 64, in <module>
    main()
    ^^^^^^
ValueError: time 1e300 is beyond the calendar`,
      'ValueError: time 1e300 is beyond the calendar',
    ],
    [
      'of Node.js, which stand above its stack',
      `file:///app/batch-jobs/x/main.js:10
    throw new RangeError('Invalid time value')
    ^

RangeError: Invalid time value
    at Date.toISOString (<anonymous>)
    at main (file:///app/batch-jobs/x/main.js:10:3)

Node.js v22.20.0`,
      'RangeError: Invalid time value',
    ],
    [
      'of Java',
      `Exception in thread "main" java.lang.IllegalStateException: no grid
\tat org.example.Main.main(Main.java:3)
\t... 2 more`,
      'Exception in thread "main" java.lang.IllegalStateException: no grid',
    ],
    ['of Rust', "thread 'main' (1) said:\npanicked at no grid", 'panicked at no grid'],
    ['of a shell', 'sh: 1: ncks: not found', 'sh: 1: ncks: not found'],
    [
      'without the folders of a file',
      "OSError: [Errno 2] No such file: '/scratch/job-1/inputs/input-0'",
      "OSError: [Errno 2] No such file: 'input-0'",
    ],
    [
      'with the address of a server',
      'HTTPError: 404 for https://data.example.org/wfs/layer/a',
      'HTTPError: 404 for https://data.example.org/wfs/layer/a',
    ],
  ])('the last words of a program are those %s', (_, said, reason) => {
    expect(wordsOf(said).reason).toBe(reason);
  });

  it.each(['', '\n \n', '    at main (x.js:1:1)\n\nNode.js v22.20.0'])(
    'a program has no last words if it printed nothing useful: %j',
    (said) => {
      expect(wordsOf(said).reason).toBeUndefined();
    },
  );

  it.each([
    'MemoryError',
    'numpy.core._exceptions.MemoryError: Unable to allocate 8.00 GiB',
    'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
    "terminate called after throwing an instance of 'std::bad_alloc'",
    'java.lang.OutOfMemoryError: Java heap space',
    'Error: cannot allocate vector of size 7.5 Gb',
  ])('the last words of a program report too little memory: %s', (said) => {
    expect(wordsOf(`${said}\n    at x (y:1)`).isOutOfMemory).toBe(true);
  });

  it('the log gets the end of everything that a program printed', () => {
    const words = new LastWords();
    for (let line = 0; line < 10_000; line++) words.add(`line ${line} ${'x'.repeat(50)}`);
    expect(words.text.length).toBeLessThanOrEqual(64 * 1024);
    expect(words.text).toMatch(/^line \d{4} /);
    expect(words.text.endsWith(`line 9999 ${'x'.repeat(50)}`)).toBe(true);
  });
});
