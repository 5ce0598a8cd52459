import { EventEmitter } from 'node:events';
import type { KeptProcess } from '../../batch-jobs/runner/jobs-by-message.ts';

/** The process of a runner, within this process. */
export class FakeRunnerProcess extends EventEmitter implements KeptProcess {
  argv: readonly string[] = [];
  env: Record<string, string | undefined> = {};
  connected = true;
  folder = '/work';
  /** What is open or pending, in turn; the last one stays. */
  resources: [string[], ...string[][]] = [['PipeWrap']];
  /** The messages that the runner has sent. */
  readonly told: unknown[] = [];
  readonly written: string[] = [];
  readonly stdout = { write: (text: string) => void this.written.push(text) };

  cwd(): string {
    return this.folder;
  }

  getActiveResourcesInfo(): string[] {
    const [now, ...later] = this.resources;
    const [next, ...rest] = later;
    if (next) this.resources = [next, ...rest];
    return now;
  }

  send(message: unknown, _handle: undefined, _options: undefined, sent: () => void): void {
    this.told.push(message);
    setImmediate(sent);
  }
}
