/** The part of the package that is used here; it has no types of its own. */
declare module 'fs-native-extensions' {
  /**
   * Locks a range of bytes of an open file, without waiting.
   *
   * @returns false when another open file has it locked
   */
  export function tryLock(fd: number, offset: number, length: number): boolean;
}
