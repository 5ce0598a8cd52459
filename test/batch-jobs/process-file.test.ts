import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseProcessFile } from '../../batch-jobs/api/process-file.ts';
import {
  readNamedFolders,
  readProcessFolders,
  wordsOf,
} from '../../batch-jobs/api/process-folders.ts';
import { describedProcesses } from '../../batch-jobs/described-processes.ts';

const hello = `identifier: hello
title: Hello
version: 1.0.0
inputs:
  - kind: literal
    identifier: times
    title: Times
    dataType: integer
    minOccurs: 0
    default: 2
    allowedValues: [1, { minimum: 2, maximum: 5 }]
outputs:
  - kind: literal
    identifier: greeting
    title: Greeting
    dataType: string
job:
  command: [python3, '{process}/hello.py']
`;

const literalOutput = `  - kind: literal
    identifier: greeting
    title: Greeting
    dataType: string
`;
const complexOutput = (mimeType: string, extension: string) => `  - kind: complex
    identifier: greeting
    title: Greeting
    formats: [{ mimeType: ${mimeType}, extension: ${extension} }]
`;

/** The faults in a file, each with line, column and text. */
function faultsOf(content: string): string[] {
  const parsed = parseProcessFile(content, 'hello');
  return 'faults' in parsed
    ? parsed.faults.map(({ line, column, text }) => `${line}:${column} ${text}`)
    : [];
}

describe('a process file', () => {
  it('a process file describes a process, with defaults for optional members', () => {
    expect(parseProcessFile(hello, 'folder')).toEqual({
      identifierAt: { line: 1, column: 1 },
      process: {
        identifier: 'hello',
        title: 'Hello',
        version: '1.0.0',
        inputs: [
          {
            kind: 'literal',
            identifier: 'times',
            title: 'Times',
            dataType: 'integer',
            minOccurs: 0,
            maxOccurs: 1,
            default: '2',
            allowedValues: ['1', { minimum: '2', maximum: '5' }],
          },
        ],
        outputs: [
          { kind: 'literal', identifier: 'greeting', title: 'Greeting', dataType: 'string' },
        ],
        job: {
          image: 'folder',
          command: ['python3', '{process}/hello.py'],
          queue: 'small',
          vcpus: 1,
          memoryMiB: 512,
          scratchGiB: 1,
          timeoutSeconds: 600,
          attempts: 1,
        },
      },
    });
  });

  it('a process file describes inputs and outputs of all kinds, with defaults for optional members', () => {
    const content = `${hello.slice(0, hello.indexOf('inputs:'))}inputs:
  - { kind: literal, identifier: a, title: A, dataType: double, uoms: [m, km] }
  - kind: complex
    identifier: b
    title: B
    formats: [{ mimeType: 'application/json; charset=utf-8', extension: .tar.gz }]
    maximumMegabytes: 1
  - { kind: bounding-box, identifier: c, title: C }
outputs:
  - { kind: bounding-box, identifier: d, title: D }
job:
  command: [a]
`;
    const once = { minOccurs: 1, maxOccurs: 1 };
    const crss = ['urn:ogc:def:crs:OGC:1.3:CRS84'];
    const formats = [{ mimeType: 'application/json; charset=utf-8', extension: '.tar.gz' }];
    const literal = { dataType: 'double', uoms: ['m', 'km'] };
    expect(parseProcessFile(content, 'hello')).toMatchObject({
      process: {
        inputs: [
          { kind: 'literal', identifier: 'a', title: 'A', ...once, ...literal },
          { kind: 'complex', identifier: 'b', ...once, formats, maximumMegabytes: 1 },
          { kind: 'bounding-box', identifier: 'c', ...once, crss },
        ],
        outputs: [{ kind: 'bounding-box', identifier: 'd', title: 'D', crss }],
      },
    });
    const none = content.replace(/inputs:.*outputs:/s, 'outputs:');
    expect(parseProcessFile(none, 'hello')).toMatchObject({ process: { inputs: [] } });
  });

  it('a process file may be JSON', () => {
    const parsed = parseProcessFile(hello, 'hello');
    const json = JSON.stringify('process' in parsed ? parsed.process : undefined);
    const { image: _, ...job } = JSON.parse(json).job;
    expect(parseProcessFile(JSON.stringify({ ...JSON.parse(json), job }), 'hello')).toEqual({
      ...parsed,
      identifierAt: { line: 1, column: 2 },
    });
  });

  it.each([
    [
      'a word that is not one of the choices',
      ['dataType: integer', 'dataType: int'],
      '8:5 inputs[0].dataType: is "int"; allowed: string, integer, double, boolean, date, dateTime, anyURI',
    ],
    [
      'a key that is not known',
      ['minOccurs: 0', 'minOcurs: 0'],
      '9:5 inputs[0].minOcurs: is not known here; did you mean minOccurs? Or see the schema for what is',
    ],
    [
      'a key that resembles no other',
      ['minOccurs: 0', 'colour: red'],
      '9:5 inputs[0].colour: is not known here; see the schema for what is',
    ],
    [
      'a kind that is not known',
      ['kind: literal', 'kind: litral'],
      '5:5 inputs[0].kind: is "litral"; allowed: literal, complex, bounding-box',
    ],
    [
      'a missing kind',
      ['  - kind: literal\n    identifier: times', '  - identifier: times'],
      '5:5 inputs[0].kind: is missing; allowed: literal, complex, bounding-box',
    ],
    ['a value of another type', ['title: Hello', 'title: 5'], '2:1 title: is 5; write a text'],
    [
      'a name that is not allowed',
      ['identifier: hello', 'identifier: 9lives'],
      '1:1 identifier: is "9lives"; must begin with a letter',
    ],
    [
      'a time that is too short',
      ["command: [python3, '{process}/hello.py']", 'command: [a]\n  timeoutSeconds: 5'],
      '19:3 job.timeoutSeconds: is 5; allowed: at least 60',
    ],
    [
      'a number of attempts that is too large',
      ["command: [python3, '{process}/hello.py']", 'command: [a]\n  attempts: 50'],
      '19:3 job.attempts: is 50; allowed: at most 10',
    ],
    [
      'an empty command',
      ["[python3, '{process}/hello.py']", '[]'],
      '18:12 job.command[0]: is missing; write a text',
    ],
    [
      'a missing part, where its parent stands',
      ['title: Hello\n', ''],
      '1:1 title: is missing; write a text',
    ],
    ['what is not YAML', ['title: Hello', 'title: Hello: again'], '2:'],
    [
      'a long value, which is cut',
      ['identifier: hello', `identifier: 9${'x'.repeat(100)}`],
      `1:1 identifier: is "9${'x'.repeat(58)}; must begin with a letter`,
    ],
    [
      'a file that is only a text',
      [hello, 'hello'],
      '1:1 the file: is "hello"; write a mapping (key: value)',
    ],
    ['an empty text', ['title: Hello', "title: ''"], '2:1 title: must not be empty'],
    [
      'an invalid version',
      ['version: 1.0.0', 'version: latest'],
      '3:1 version: is "latest"; must be a version such as 1.0.0',
    ],
    [
      'a value that should be a list',
      [hello.slice(hello.indexOf('inputs:'), hello.indexOf('outputs:')), 'inputs: 5\n'],
      '4:1 inputs: is 5; write a list',
    ],
    [
      'a value that should be a mapping',
      [hello.slice(hello.indexOf('job:')), 'job: 5\n'],
      '17:1 job: is 5; write a mapping (key: value)',
    ],
    [
      'no allowed value',
      ['[1, { minimum: 2, maximum: 5 }]', '[]'],
      '11:5 inputs[0].allowedValues: ',
    ],
    [
      'a range with a bound of another type, by what comes closest to it',
      ['{ minimum: 2, maximum: 5 }', '{ minimum: [2], maximum: 5 }'],
      '11:26 inputs[0].allowedValues[1].minimum: is [2]; write a',
    ],
    [
      'a range with another member',
      ['{ minimum: 2, maximum: 5 }', '{ minimum: 2, most: 5 }'],
      '11:38 inputs[0].allowedValues[1].most: is not known here',
    ],
    [
      'a number that is no whole one',
      ['minOccurs: 0', 'minOccurs: 0.5'],
      '9:5 inputs[0].minOccurs: is 0.5; write a whole number',
    ],
    [
      'fewer values than none',
      ['minOccurs: 0', 'minOccurs: -1'],
      '9:5 inputs[0].minOccurs: is -1; allowed: at least 0',
    ],
    [
      'at most no value',
      ['minOccurs: 0', 'maxOccurs: 0'],
      '9:5 inputs[0].maxOccurs: is 0; allowed: at least 1',
    ],
    [
      'no processor',
      ["command: [python3, '{process}/hello.py']", 'command: [a]\n  vcpus: 0'],
      '19:3 job.vcpus: is 0; allowed: more than 0',
    ],
    [
      'less memory than Batch gives',
      ["command: [python3, '{process}/hello.py']", 'command: [a]\n  memoryMiB: 3'],
      '19:3 job.memoryMiB: is 3; allowed: at least 4',
    ],
    [
      'no attempt',
      ["command: [python3, '{process}/hello.py']", 'command: [a]\n  attempts: 0'],
      '19:3 job.attempts: is 0; allowed: at least 1',
    ],
    [
      'a word for yes or no',
      ["command: [python3, '{process}/hello.py']", 'command: [a]\n  callsAws: sometimes'],
      '19:3 job.callsAws: is "sometimes"; write true or false',
    ],
    [
      'a queue that there is not',
      ["command: [python3, '{process}/hello.py']", 'command: [a]\n  queue: huge'],
      '19:3 job.queue: is "huge"; allowed: small, timeseries, large',
    ],
    [
      'variables that are no mapping',
      ["command: [python3, '{process}/hello.py']", 'command: [a]\n  environment: 5'],
      '19:3 job.environment: is 5; write a mapping (key: value)',
    ],
    [
      'an invalid media type',
      [literalOutput, complexOutput('csv', '.csv')],
      '16:17 outputs[0].formats[0].mimeType: is "csv"; must be a media type such as text/csv',
    ],
    [
      'a file name ending without a dot',
      [literalOutput, complexOutput('text/csv', 'csv')],
      '16:37 outputs[0].formats[0].extension: is "csv"; must be a file name ending such as .csv',
    ],
    [
      'a default of an input that must be sent',
      ['minOccurs: 0', 'minOccurs: 1'],
      '10:5 inputs[0].default: is given for an input that must be sent',
    ],
    [
      'fewer values at most than at least',
      ['minOccurs: 0', 'minOccurs: 2'],
      '9:5 inputs[0].minOccurs: is 2, more than maxOccurs 1',
    ],
  ])(
    'a fault in a process file is reported with line and column of %s',
    (_, [right = '', wrong = ''], expected) => {
      const faults = faultsOf(hello.replace(right, wrong));
      expect(
        faults.find((fault) => fault.startsWith(expected)),
        faults.join('\n'),
      ).toBeDefined();
    },
  );

  describe('whose input promises more than can be', () => {
    const promising = (megabytes: number) =>
      hello.replace(
        'outputs:',
        `  - kind: complex
    identifier: grid
    title: Grid
    formats: [{ mimeType: application/x-netcdf, extension: .nc }]
    maximumMegabytes: ${megabytes}
outputs:`,
      );
    const mebibyte = 1024 * 1024;
    const faultsWith = (megabytes: number, requests: number, references: number) => {
      const parsed = parseProcessFile(promising(megabytes), 'hello', {
        requestBytes: requests * mebibyte,
        referenceBytes: references * mebibyte,
        remedy: 'allow more',
      });
      return 'faults' in parsed
        ? parsed.faults.map(({ line, column, text }) => `${line}:${column} ${text}`)
        : [];
    };

    it('a process file is refused if an input allows more than requests and references can have', () => {
      expect(faultsWith(20, 4, 0)).toEqual([
        '16:5 inputs[1].maximumMegabytes: is 20, which no value can reach: a request may have 4 MiB, and references are refused; write at most 4, or allow more',
      ]);
      expect(faultsWith(20, 4, 10.5)).toEqual([
        '16:5 inputs[1].maximumMegabytes: is 20, which no value can reach: a request may have 4 MiB, and what is fetched from a reference 10.5 MiB; write at most 10.5, or allow more',
      ]);
    });

    it('a process file is accepted if either a request or a reference can be as large as an input allows', () => {
      expect(faultsWith(20, 20, 0)).toEqual([]);
      expect(faultsWith(20, 4, 20)).toEqual([]);
    });

    it('a process file is refused if an input allows more than the scratch space of a job', () => {
      expect(faultsOf(promising(1024))).toEqual([]);
      expect(faultsOf(promising(1025))).toHaveLength(1);
      expect(faultsOf(promising(30_000))).toEqual([
        expect.stringMatching(
          /^16:5 inputs\[1\]\.maximumMegabytes: is 30000, more than the \d+ GiB of scratch that a job has \(job\.scratchGiB\)$/,
        ),
      ]);
    });
  });

  it('a process file with two inputs of the same name is refused', () => {
    const [before = '', after = ''] = hello.split('outputs:');
    const input = before.slice(before.indexOf('  - kind'));
    expect(faultsOf(`${before}${input}outputs:${after}`)).toEqual([
      expect.stringContaining('inputs[1].identifier: "times" is there twice'),
    ]);
  });
});

describe('a folder of processes', () => {
  async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
    const directory = await mkdtemp(join(tmpdir(), 'processes-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    for (const [path, content] of Object.entries(files)) {
      await mkdir(join(directory, path, '..'), { recursive: true });
      await writeFile(join(directory, path), content);
    }
    return directory;
  }

  it('each folder with a process file offers a process', async () => {
    const directory = await folderWith({
      'hello/process.yaml': hello,
      'other-one/process.json': JSON.stringify({
        ...{ identifier: 'other', title: 'Other', version: '1' },
        outputs: [{ kind: 'literal', identifier: 'a', title: 'A', dataType: 'string' }],
        job: { command: ['true'] },
      }),
      'notes/readme.md': 'no process',
    });
    const { processes, faults } = await readProcessFolders(directory);
    expect(faults).toEqual([]);
    expect(processes.map(({ process, folder }) => [process.identifier, folder])).toEqual([
      ['hello', join(directory, 'hello')],
      ['other', join(directory, 'other-one')],
    ]);
  });

  it('a faulty process file does not affect the other processes', async () => {
    const directory = await folderWith({
      'bad/process.yaml': hello.replace('title: Hello', 'titel: Hello'),
      'hello/process.yaml': hello,
    });
    const { processes, faults } = await readProcessFolders(directory);
    expect(processes).toHaveLength(1);
    expect(faults.map(wordsOf)).toContainEqual(
      `${join(directory, 'bad', 'process.yaml')}:2:1: titel: is not known here; did you mean title? Or see the schema for what is`,
    );
  });

  it('a process file is found with the place of its identifier, of which others can be told', async () => {
    const directory = await folderWith({ 'a/process.yaml': `# A comment.\n${hello}` });
    const [found] = (await readProcessFolders(directory)).processes;
    const line = hello.split('\n').findIndex((text) => text.startsWith('identifier:')) + 2;
    expect(found?.place).toEqual({
      file: join(directory, 'a', 'process.yaml'),
      line,
      column: expect.any(Number),
    });
  });

  it('a folder of processes that cannot be read offers nothing, and the others stay', async () => {
    const directory = await folderWith({ 'a/process.yaml': hello });
    const { processes, faults } = await readNamedFolders(['none', '.'], directory, []);
    expect(processes.map(({ directory }) => directory)).toEqual(['.']);
    expect(faults).toEqual([
      {
        file: join(directory, 'none'),
        line: 1,
        column: 1,
        text: expect.stringMatching(/^the folder cannot be read: ENOENT/),
      },
    ]);
  });

  it('a process file of up to a mebibyte is read, and no folder of that name', async () => {
    const padded = (bytes: number) => `${hello}#${' '.repeat(bytes - hello.length - 1)}`;
    const directory = await folderWith({
      'a/process.yaml': padded(1024 * 1024),
      'b/process.yaml': padded(1024 * 1024 + 1),
      'c/process.yaml/file': 'of a folder',
    });
    const { processes, faults } = await readProcessFolders(directory);
    expect(processes.map(({ folder }) => folder)).toEqual([join(directory, 'a')]);
    expect(faults.map(wordsOf)).toEqual([
      `${join(directory, 'b', 'process.yaml')}:1:1: the file has 1048577 bytes; allowed: 1048576`,
    ]);
  });

  it('processes of several folders need names of their own, and so do their folders', async () => {
    const named = (identifier: string) =>
      hello.replace('identifier: hello', `identifier: ${identifier}`);
    const root = await folderWith({
      'one/a/process.yaml': named('a'),
      'one/built-in/process.yaml': named('b'),
      'two/a/process.yaml': named('c'),
      'two/d/process.yaml': named('a'),
      'two/e/process.yaml': named('taken'),
      'two/f/process.yaml': named('f'),
      'empty/readme.md': 'no process',
    });
    const [first] = describedProcesses;
    if (!first) throw new Error('nothing is described');
    const job = { ...first.job, image: 'built-in' };
    const builtIn = [{ ...first, identifier: 'taken', job }];
    const found = await readNamedFolders(['one', 'two', 'empty'], root, builtIn);
    expect(
      found.processes.map(({ process, directory }) => [process.identifier, directory]),
    ).toEqual([
      ['a', 'one'],
      ['f', 'two'],
    ]);
    expect(found.faults.map(wordsOf)).toEqual([
      expect.stringMatching(
        /one\/built-in:1:1: a process in another folder of that name, built-in, is offered already; rename this folder$/,
      ),
      expect.stringMatching(/two\/d\/process.yaml:1:1: identifier: "a" is offered already/),
      expect.stringMatching(/two\/e\/process.yaml:1:1: identifier: "taken" is offered already/),
      expect.stringMatching(
        /two\/a:1:1: a process in another folder of that name, a, is offered already/,
      ),
      expect.stringMatching(
        /empty:1:1: no folder in it has one of process.yaml, process.yml, process.json; name a folder/,
      ),
    ]);
  });

  it('an identifier that is already offered is refused', async () => {
    const directory = await folderWith({ 'a/process.yaml': hello, 'b/process.yaml': hello });
    const { processes, faults } = await readProcessFolders(directory);
    expect(processes).toHaveLength(1);
    expect(faults.map(wordsOf)).toEqual([
      expect.stringContaining('"hello" is offered already; give this process another'),
    ]);
    expect((await readProcessFolders(directory, new Set(['hello']))).processes).toEqual([]);
  });
});

describe('the catalogue', () => {
  it('the catalogue contains what the process files of the project describe, as `npm run build` writes it', async () => {
    const { processes, faults } = await readProcessFolders(
      join(import.meta.dirname, '..', '..', 'batch-jobs'),
    );
    expect(faults).toEqual([]);
    expect(processes.map(({ process }) => process)).toEqual(describedProcesses);
  });

  it('all copies of the Python helper are the same', async () => {
    const root = join(import.meta.dirname, '..', '..');
    const [original, copy] = await Promise.all(
      ['batch-jobs/author', 'docs/examples/statistics'].map((folder) =>
        readFile(join(root, folder, 'wps_process.py'), 'utf8'),
      ),
    );
    expect(copy).toBe(original);
  });
});
