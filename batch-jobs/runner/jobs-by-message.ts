import type { RunMessage, RunnerMessage } from '../api/runner-messages.ts';
import type { Variables } from './runner-settings.ts';

/**
 * Runs one job after another, as messages of the parent process say. Each is run with the variables
 * that this process was started with and its own: nothing of a job reaches the next.
 *
 * After each job the parent learns whether this process is as it was before: no timer, connection,
 * child process or variable is left.
 *
 * @param run runs one attempt; its result is the exit code for the engine
 * @param environment of this process; each job is run with what it was at the beginning
 * @param stop ends the job that runs, and then this
 * @returns the exit code of the last job once stopped, 0 where there was none
 */
export async function runJobsByMessage(
  run: (
    variables: Variables,
    stop: AbortSignal,
    onCommand: (pid: number) => void,
  ) => Promise<number>,
  environment: Variables,
  stop: AbortSignal,
): Promise<number> {
  const variables = { ...environment };
  // Opened with the first use, which must not look like something that a job left.
  process.stdout.writable;
  process.stderr.writable;
  await settled();
  const asNew = surroundings(environment);
  let last = 0;
  for (;;) {
    const message = await nextMessage(stop);
    if (!message) return last;
    await tell({ kind: 'begun' });
    last = await run({ ...variables, ...message.variables }, stop, (pid) => {
      tell({ kind: 'command', pid });
    });
    await settled();
    if (stop.aborted) return last;
    await tell({ kind: 'ended', exitCode: last, isAsNew: surroundings(environment) === asNew });
  }
}

/** Turns of the event loop after which what is under way is taken for something that was left. */
const mostTurns = 100;

/** What was closed last, by a job or by the loading of modules, is gone some turns later. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < mostTurns; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    if (!process.getActiveResourcesInfo().some((name) => name.includes('Req'))) return;
  }
}

/** What a job could leave behind in this process. */
function surroundings(environment: Variables): string {
  return JSON.stringify([process.cwd(), environment, process.getActiveResourcesInfo().toSorted()]);
}

/** Undefined once stopped. */
function nextMessage(stop: AbortSignal): Promise<RunMessage | undefined> {
  return new Promise((resolve) => {
    const done = (message?: RunMessage) => {
      process.off('message', done);
      stop.removeEventListener('abort', onStop);
      resolve(message);
    };
    const onStop = () => done();
    process.on('message', done);
    stop.addEventListener('abort', onStop);
    if (stop.aborted) onStop();
  });
}

/** A parent that is gone needs to be told nothing. */
function tell(message: RunnerMessage): Promise<void> {
  return new Promise((resolve) => {
    if (!process.connected) resolve();
    else process.send?.(message, undefined, undefined, () => resolve());
  });
}
