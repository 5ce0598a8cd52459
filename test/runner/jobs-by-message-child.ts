/** Runs jobs by message. A job does what its variables say. */
import { createServer } from 'node:net';
import { runJobsByMessage } from '../../batch-jobs/runner/jobs-by-message.ts';

const stop = new AbortController();
process.on('disconnect', () => stop.abort());
const leaves: Readonly<Record<string, () => void>> = {
  'a timer': () => {
    setInterval(() => undefined, 1000);
  },
  'an open port': () => {
    createServer().listen(0, '127.0.0.1');
  },
  'no channel to its parent': () => {
    process.disconnect();
  },
};
process.exit(
  await runJobsByMessage(
    async (variables, _, onCommand) => {
      onCommand(1234);
      leaves[variables['LEAVES'] ?? '']?.();
      return Number(variables['EXIT_CODE'] ?? 0);
    },
    stop.signal,
    process,
  ),
);
