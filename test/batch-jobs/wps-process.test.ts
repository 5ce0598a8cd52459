import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';

const helper = join(import.meta.dirname, '..', '..', 'batch-jobs', 'author');

/** Runs `main(job)` as the runner does, in a locale that supports only ASCII. */
function run(main: string, inputs: object = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'wps-process-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'inputs.json'), JSON.stringify(inputs));
  writeFileSync(join(folder, 'requested.json'), '[{"identifier": "out"}]');
  const body = main
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
  const program = `from wps_process import UserError, run\ndef main(job):\n${body}\nrun(main)\n`;
  const { status, stdout, stderr } = spawnSync('python3', ['-c', program], {
    env: {
      PATH: process.env['PATH'],
      PYTHONPATH: helper,
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONIOENCODING: 'ascii:strict',
      WPS_INPUTS: join(folder, 'inputs.json'),
      WPS_OUTPUTS_REQUESTED: join(folder, 'requested.json'),
      WPS_OUTPUT_DIR: folder,
    },
    encoding: 'utf8',
  });
  const output = () => readFileSync(join(folder, 'out'), 'utf8');
  return { status, stdout, stderr, output };
}

const literal = (value: string) => [{ kind: 'literal', value, dataType: 'string' }];

describe('the Python helper', () => {
  it('the Python helper passes text on unchanged, in any script and up to a megabyte', () => {
    const text = `Zürich – 東京 🌊 ${'x'.repeat(1_000_000)}`;
    const { status, output } = run('job.write("out", job.text("name"))', { name: literal(text) });
    expect(status).toBe(0);
    expect(output()).toBe(text);
  });

  it('the Python helper reports progress between 0 and 100, whatever it is given', () => {
    const { status, stdout } = run(
      'for p in (-5, 150, float("nan"), float("inf"), 40.7): job.progress(p, "東京\\nnext \\ud800")',
    );
    expect(status).toBe(0);
    expect(stdout.trim().split('\n')).toEqual(
      [0, 100, 0, 100, 40].map((percent) => `PROGRESS ${percent} 東京 next \\ud800`),
    );
  });

  it('the Python helper shows an exception to the user in one line, after the traceback', () => {
    const { status, stderr } = run('raise ValueError("no data for\\n東京")');
    expect(status).toBe(1);
    expect(stderr).toContain('Traceback (most recent call last)');
    expect(stderr.trim().split('\n').at(-1)).toBe('ERROR ValueError: no data for 東京');
  });

  it('the Python helper marks faults of the request, with a default text if the program has none', () => {
    const said = run('raise UserError(\'Input "name" is\\n東京\')');
    expect(said).toMatchObject({ status: 64, stderr: 'ERROR Input "name" is 東京\n' });
    expect(run('raise UserError()')).toMatchObject({
      status: 64,
      stderr: 'ERROR The request is at fault.\n',
    });
  });
});
