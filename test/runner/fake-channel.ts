import { EventEmitter } from 'node:events';

/** The channel between a runner and its parent, within this process. */
export class FakeChannel extends EventEmitter {
  connected = true;
  /** What the runner has sent. */
  readonly told: unknown[] = [];

  send(message: unknown, _handle: undefined, _options: undefined, sent: () => void): void {
    this.told.push(message);
    setImmediate(sent);
  }
}
