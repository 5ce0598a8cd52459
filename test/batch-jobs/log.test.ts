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

  it('a log line shows an error with all its causes', () => {
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

  it('a log line shows no cause of an error that has none', () => {
    expect(errorOf(new Error('alone'))).toMatch(/^Error: alone\n/);
    expect(errorOf(new Error('alone'))).not.toContain('caused by');
  });

  it('a log line shows the errors that an aggregate error contains', () => {
    const refused = (address: string) => new Error(`connect ECONNREFUSED ${address}`);
    const error = errorOf(new AggregateError([refused('::1'), refused('127.0.0.1')]));
    expect(error).toContain('caused by: Error: connect ECONNREFUSED ::1');
    expect(error).toContain('caused by: Error: connect ECONNREFUSED 127.0.0.1');
  });

  it('a log line shows thrown values that are no errors, and stops at circular causes', () => {
    expect(errorOf('why')).toBe('why');
    const round = new Error('round');
    round.cause = round;
    expect(errorOf(round)?.match(/Error: round/g)).toHaveLength(1);
    expect(errorOf(undefined)).toBeUndefined();
  });

  it('a log line shows no other fields of an error, such as the headers of a request', () => {
    const error = Object.assign(new Error('403'), { $response: { headers: { token: 'secret' } } });
    expect(errorOf(error)).not.toContain('secret');
  });
});
