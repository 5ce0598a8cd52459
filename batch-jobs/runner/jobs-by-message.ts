import type { RunMessage, RunnerMessage } from '../api/runner-messages.ts';
import type { Variables } from './runner-settings.ts';

/** The messages between this process and its parent. Tests use a channel of their own. */
export interface Channel {
  readonly connected: boolean;
  on(event: 'message', listener: (message: RunMessage) => void): unknown;
  off(event: 'message', listener: (message: RunMessage) => void): unknown;
  /** Missing in a process without a parent. */
  send?(message: RunnerMessage, handle: undefined, options: undefined, sent: () => void): unknown;
}

/**
 * Runs one job after another, as messages from the parent process request. Each job gets the variables that
 * this process was started with and its own, so that nothing of a job reaches the next one.
 *
 * After each job the parent learns whether this process is in its initial state again: no timer, connection,
 * child process or variable remains.
 *
 * @param run runs one attempt; its result is the exit code for the engine
 * @param environment of this process; each job gets the initial values
 * @param stop ends the current job, and then this function
 * @param channel to the parent process
 * @returns the exit code of the last job once stopped, 0 if there was no job
 */
export async function runJobsByMessage(
  run: (
    variables: Variables,
    stop: AbortSignal,
    onCommand: (pid: number) => void,
  ) => Promise<number>,
  environment: Variables,
  stop: AbortSignal,
  channel: Channel,
): Promise<number> {
  const variables = { ...environment };
  // Opened on first use, which must not look like something that a job left behind.
  process.stdout.writable;
  process.stderr.writable;
  await settled();
  const asNew = surroundings(environment);
  let last = 0;
  for (;;) {
    const message = await nextMessage(stop, channel);
    if (!message) return last;
    await tell({ kind: 'begun' }, channel);
    last = await run({ ...variables, ...message.variables }, stop, (pid) => {
      tell({ kind: 'command', pid }, channel);
    });
    await settled();
    if (stop.aborted) return last;
    const isAsNew = surroundings(environment) === asNew;
    await tell({ kind: 'ended', exitCode: last, isAsNew }, channel);
  }
}

/** Turns of the event loop after which a pending request counts as left behind. */
const mostTurns = 100;

/** Recently closed resources, of a job or of a module load, disappear only after some turns. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < mostTurns; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    if (!process.getActiveResourcesInfo().some((name) => name.includes('Req'))) return;
  }
}

/** Everything that a job could leave behind in this process. */
function surroundings(environment: Variables): string {
  return JSON.stringify([process.cwd(), environment, process.getActiveResourcesInfo().toSorted()]);
}

/** Returns undefined once stopped. */
function nextMessage(stop: AbortSignal, channel: Channel): Promise<RunMessage | undefined> {
  return new Promise((resolve) => {
    const done = (message?: RunMessage) => {
      channel.off('message', done);
      stop.removeEventListener('abort', onStop);
      resolve(message);
    };
    const onStop = () => done();
    channel.on('message', done);
    stop.addEventListener('abort', onStop);
    if (stop.aborted) onStop();
  });
}

/** If the parent is gone, there is no need to send. */
function tell(message: RunnerMessage, channel: Channel): Promise<void> {
  return new Promise((resolve) => {
    if (!channel.connected) resolve();
    else channel.send?.(message, undefined, undefined, () => resolve());
  });
}
