import type { RunMessage, RunnerMessage } from '../api/runner-messages.ts';
import type { Variables } from './runner-settings.ts';

/** A process that takes jobs by message, such as this one. Tests use one of their own. */
export interface KeptProcess {
  readonly env: Variables;
  cwd(): string;
  /** Kinds of what is open or pending in the process, each as often as it occurs. */
  getActiveResourcesInfo(): string[];
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
 * @param stop ends the current job, and then this function
 * @param self has the variables that each job gets
 * @returns the exit code of the last job once stopped, 0 if there was no job
 */
export async function runJobsByMessage(
  run: (
    variables: Variables,
    stop: AbortSignal,
    onCommand: (pid: number) => void,
  ) => Promise<number>,
  stop: AbortSignal,
  self: KeptProcess,
): Promise<number> {
  const variables = { ...self.env };
  // Opened on first use, which must not look like something that a job left behind.
  process.stdout.writable;
  process.stderr.writable;
  await settled(self);
  const asNew = surroundings(self);
  let last = 0;
  for (;;) {
    const message = await nextMessage(stop, self);
    if (!message) return last;
    await tell({ kind: 'begun' }, self);
    last = await run({ ...variables, ...message.variables }, stop, (pid) => {
      tell({ kind: 'command', pid }, self);
    });
    await settled(self);
    if (stop.aborted) return last;
    const isAsNew = surroundings(self) === asNew;
    await tell({ kind: 'ended', exitCode: last, isAsNew }, self);
  }
}

/** Turns of the event loop after which a pending request counts as left behind. */
const mostTurns = 100;

/** Recently closed resources, of a job or of a module load, disappear only after some turns. */
async function settled(self: KeptProcess): Promise<void> {
  for (let turn = 0; turn < mostTurns; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    if (!self.getActiveResourcesInfo().some((name) => name.includes('Req'))) return;
  }
}

/** Everything that a job could leave behind in this process. */
function surroundings(self: KeptProcess): string {
  return JSON.stringify([self.cwd(), self.env, self.getActiveResourcesInfo().toSorted()]);
}

/** Returns undefined once stopped. */
function nextMessage(stop: AbortSignal, self: KeptProcess): Promise<RunMessage | undefined> {
  return new Promise((resolve) => {
    const done = (message?: RunMessage) => {
      self.off('message', done);
      stop.removeEventListener('abort', onStop);
      resolve(message);
    };
    const onStop = () => done();
    self.on('message', done);
    stop.addEventListener('abort', onStop);
    if (stop.aborted) onStop();
  });
}

/** If the parent is gone, there is no need to send. */
function tell(message: RunnerMessage, self: KeptProcess): Promise<void> {
  return new Promise((resolve) => {
    if (!self.connected) resolve();
    // Stryker disable next-line OptionalChaining: a connected process has a channel
    else self.send?.(message, undefined, undefined, () => resolve());
  });
}
