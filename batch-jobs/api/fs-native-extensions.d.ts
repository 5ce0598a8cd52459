/** The part of the package that this project uses. The package has no types of its own. */
declare module 'fs-native-extensions' {
  /**
   * Locks a range of bytes of an open file, without waiting.
   *
   * @returns false if another open file holds the lock
   */
  export function tryLock(fd: number, offset: number, length: number): boolean;
}
