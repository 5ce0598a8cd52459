/** A resource that is opened on first use; if that fails, the next use tries again. */
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

  /** Undefined if the resource was not opened, or could not be. */
  async opened(): Promise<T | undefined> {
    return await this.#opened?.catch(() => undefined);
  }
}
