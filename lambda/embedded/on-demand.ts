/** Something that is opened when it is first needed, and again after it could not be opened. */
export class OnDemand<T> {
  readonly #open: () => Promise<T>;
  #opened: Promise<T> | undefined;

  constructor(open: () => Promise<T>) {
    this.#open = open;
  }

  async get(): Promise<T> {
    this.#opened ??= this.#open().catch((error) => {
      this.#opened = undefined;
      throw error;
    });
    return await this.#opened;
  }

  /** Undefined where it was not opened, or could not be. */
  async opened(): Promise<T | undefined> {
    return await this.#opened?.catch(() => undefined);
  }
}
