import { describe, expect, it } from 'vitest';
import { jsonLog } from '../../batch-jobs/api/log.ts';

describe('a line of the log', () => {
  const lines: string[] = [];
  const log = jsonLog(
    (line) => lines.push(line),
    { jobId: 'j' },
    () => new Date(0),
  );
  const errorOf = (cause: unknown): string | undefined => {
    log.error('failed', {}, cause);
    return JSON.parse(lines.at(-1) ?? '').error;
  };

  it('tells an error with every cause behind it', () => {
    const socket = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    const fetching = new Error('fetch failed', { cause: socket });
    const error = errorOf(new Error('Input "a" cannot be fetched', { cause: fetching }));
    expect(error?.match(/^(caused by: )?Error: .*|.*\(ECONNRESET\)$/gm)).toEqual([
      'Error: Input "a" cannot be fetched',
      'caused by: Error: fetch failed',
      'caused by: Error: socket hang up',
      expect.stringContaining('(ECONNRESET)'),
    ]);
    expect(error).toContain('log.test.ts');
  });

  it('tells what an error without words of its own gathers', () => {
    const refused = (address: string) => new Error(`connect ECONNREFUSED ${address}`);
    const error = errorOf(new AggregateError([refused('::1'), refused('127.0.0.1')]));
    expect(error).toContain('caused by: Error: connect ECONNREFUSED ::1');
    expect(error).toContain('caused by: Error: connect ECONNREFUSED 127.0.0.1');
  });

  it('tells what is thrown and is no error, and ends where causes go round', () => {
    expect(errorOf('why')).toBe('why');
    const round = new Error('round');
    round.cause = round;
    expect(errorOf(round)?.match(/Error: round/g)).toHaveLength(1);
    expect(errorOf(undefined)).toBeUndefined();
  });

  it('holds no other field of an error, such as the headers of a request', () => {
    const error = Object.assign(new Error('403'), { $response: { headers: { token: 'secret' } } });
    expect(errorOf(error)).not.toContain('secret');
  });
});
