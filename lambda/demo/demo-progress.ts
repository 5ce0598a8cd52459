import { SingleBar } from 'cli-progress';
import type { JobView } from './demo-client.ts';

/** Shows the progress of a job: as a bar on a terminal, otherwise as one line per change. */
export class DemoProgress {
  readonly #bar: SingleBar | undefined;
  #shown = '';

  constructor(stream: NodeJS.WriteStream) {
    if (!stream.isTTY) return;
    this.#bar = new SingleBar({
      format: '   [{bar}] {percentage} % {message}',
      stream,
      barsize: 30,
      hideCursor: true,
      clearOnComplete: false,
    });
    this.#bar.start(100, 0, { message: '' });
  }

  show({ state, percent, message }: JobView): void {
    if (this.#bar) {
      this.#bar.update(percent, { message });
      return;
    }
    const line = `   ${String(percent).padStart(3)} %  ${state}: ${message}`;
    if (line !== this.#shown) console.log(line);
    this.#shown = line;
  }

  end(): void {
    this.#bar?.stop();
  }
}
