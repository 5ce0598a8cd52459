/**
 * Loads a module when it is first needed, and asks the module loader once: it takes up to 0.1 ms to
 * look up what is loaded already, which a request would pay several times.
 *
 * @param load imports it
 */
export function loadOnce<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  return () => {
    loaded ??= load();
    return loaded;
  };
}
