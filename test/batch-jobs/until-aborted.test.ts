import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { untilAborted } from '../../batch-jobs/api/until-aborted.ts';

describe('work that a signal may end', () => {
  const never = () => new Promise<never>(() => undefined);

  it('work before the signal gives its result or its error, and listens no longer', async () => {
    const { signal } = new AbortController();
    expect(await untilAborted(async () => 'done', signal)).toBe('done');
    const failing = untilAborted(() => Promise.reject(new Error('broken')), signal);
    await expect(failing).rejects.toThrow('broken');
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('work in progress is no longer waited for once the signal comes', async () => {
    const stop = new AbortController();
    const working = untilAborted(never, stop.signal);
    stop.abort(new Error('stopped'));
    await expect(working).rejects.toThrow('stopped');
    expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
  });

  it('work does not start after the signal', async () => {
    let isStarted = false;
    const working = untilAborted(
      async () => {
        isStarted = true;
      },
      AbortSignal.abort(new Error('stopped')),
    );
    await expect(working).rejects.toThrow('stopped');
    expect(isStarted).toBe(false);
  });
});
