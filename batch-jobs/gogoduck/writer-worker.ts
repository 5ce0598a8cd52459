/** What the thread does that `netcdf/writer-thread.ts` starts. */

import { parentPort } from 'node:worker_threads';
import { loadHdf5 } from './netcdf/hdf5-file.ts';
import { NetcdfWriter } from './netcdf/netcdf-writer.ts';
import type { Message } from './netcdf/writer-thread.ts';

const hdf5 = await loadHdf5();
let writer: NetcdfWriter;

// An error ends the thread, and is told to the one that started it.
parentPort?.on('message', async ({ order, memory }: Message) => {
  switch (order.do) {
    case 'create':
      writer = new NetcdfWriter(hdf5, order.path, order.definition);
      break;
    case 'write':
      await writer.write(order.variable, order.box, order.values);
      break;
    case 'close':
      await writer.close();
  }
  parentPort?.postMessage(memory, [memory]);
});
