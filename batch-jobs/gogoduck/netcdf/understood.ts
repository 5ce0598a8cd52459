/**
 * What can be read of a file without the HDF5 library; undefined where its bytes are not understood:
 * the library then reads them, or tells what is damaged.
 */
export function understood<T>(read: () => T | undefined): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
