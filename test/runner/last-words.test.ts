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
    ['of Go', 'panic: no grid\n\ngoroutine 1 [running]:', 'panic: no grid'],
    ['of R', 'Error in f(x) : no grid\nCalls: f\nExecution halted', 'Error in f(x) : no grid'],
    [
      'of C++',
      'terminate called without an active exception\nAborted',
      'terminate called without an active exception',
    ],
    [
      'of R, before its warnings',
      'Error in f(x) : no grid\nWarning message:\ncold',
      'Error in f(x) : no grid',
    ],
    ['of a kernel', 'PANIC: no grid\nended', 'PANIC: no grid'],
    ['of git', 'fatal: no grid\nhint: look again', 'fatal: no grid'],
    [
      'of V8, even if its stack names errors',
      'FATAL ERROR: no grid\nError: of the heap',
      'FATAL ERROR: no grid',
    ],
    ['with the last error of several', 'KeyError: 1\nValueError: 2\nended', 'ValueError: 2'],
    ['of Node.js, uncaught', 'Uncaught TypeError: no grid\nended', 'Uncaught TypeError: no grid'],
    ['with the cause', 'Caused by: a.b.GridException: x\nended', 'Caused by: a.b.GridException: x'],
    ['that warn', 'a.b_c.RuntimeWarning: no grid\nended', 'a.b_c.RuntimeWarning: no grid'],
    ['of an interrupt', 'KeyboardInterrupt\nended', 'KeyboardInterrupt'],
    ['of an exit', 'SystemExit: 3\nended', 'SystemExit: 3'],
    ['unlike a line that only speaks of an error', 'no Error: here\nended', 'ended'],
    ['unlike a longer word', 'Errors: 0\nended', 'ended'],
    ['unlike a line that only speaks of what is fatal', 'not fatal: no grid\nended', 'ended'],
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
    '\tat org.example.Main.main(Main.java:3)',
    ' 1: 0xb7a940 node::Abort() [node]',
    '12: 0XB7A940 node::Abort() [node]',
    '    ^^^^~~~^^^',
    '  File "/app/x.py", line 64, in <module>',
    'Node.js v22.20.0',
    '\t... 12 more',
    '----- Native stack trace -----',
  ])('the last words of a program leave out where it was: %j', (line) => {
    expect(wordsOf(`no grid\n${line}`).reason).toBe('no grid');
  });

  it.each([
    'looked at the grid',
    'grid 1: 0xb7 is no number',
    'between ^ and ~',
    'in File "x.py", line 64',
    'needs Node.js v22',
    'and ... 12 more',
    '... 12 more grids',
    'a - b -',
    '--grid is no option',
  ])('the last words of a program are its own even if they look like a place: %j', (line) => {
    expect(wordsOf(`no grid\n${line}\t `).reason).toBe(line);
  });

  it.each([
    'MemoryError',
    'numpy.core._exceptions.MemoryError: Unable to allocate 8.00 GiB',
    'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
    "terminate called after throwing an instance of 'std::bad_alloc'",
    'java.lang.OutOfMemoryError: Java heap space',
    'Error: cannot allocate vector of size 7.5 Gb',
    "OSError: [Errno 12] Cannot allocate memory: 'ncks'",
    'v8: heap out of memory',
  ])('the last words of a program report too little memory: %s', (said) => {
    expect(wordsOf(`${said}\n    at x (y:1)`).isOutOfMemory).toBe(true);
  });

  it.each([
    'NoMemoryErrors: 0',
    'MyOutOfMemoryError was not raised',
    'bad_allocator',
    'out of memory cards',
    'cannot allocate a grid',
  ])('the last words of a program do not report too little memory: %s', (said) => {
    expect(wordsOf(said).isOutOfMemory).toBe(false);
  });

  it('the log gets the end of everything that a program printed', () => {
    const words = new LastWords();
    for (let line = 0; line < 10_000; line++) words.add(`line ${line} ${'x'.repeat(50)}`);
    expect(words.text.length).toBeLessThanOrEqual(64 * 1024);
    expect(words.text.length).toBeGreaterThan(63 * 1024);
    expect(words.text).toMatch(/^line \d{4} /);
    expect(words.text.endsWith(`line 9999 ${'x'.repeat(50)}`)).toBe(true);
  });

  it.each([
    [65_533, true],
    [65_534, false],
  ])('the log gets 64 KiB: a line before one of %i characters is kept: %s', (length, isKept) => {
    const words = new LastWords();
    words.add('a');
    words.add('x'.repeat(length));
    expect(words.text.startsWith('a\n')).toBe(isKept);
  });

  it('the log gets the last line of a program even if the line is longer than the log keeps', () => {
    const words = new LastWords();
    words.add('before');
    words.add('x'.repeat(70_000));
    expect(words.text).toBe('x'.repeat(70_000));
  });
});
