/**
 * Reads from a file without the HDF5 library. Returns undefined if the bytes are not understood; the library
 * then reads them, or reports what is damaged.
 */
export function understood<T>(read: () => T | undefined): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
