import { MemoryObjectStore } from '../memory-object-store.ts';
import { describeObjectStore } from './object-store.ts';

describeObjectStore('MemoryObjectStore', async () => {
  const store = new MemoryObjectStore();
  return { store, another: store };
});
