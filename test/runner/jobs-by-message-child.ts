/** Runs jobs by message. A job appends its variables to a file and then does what they say. */
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { runJobsByMessage } from '../../batch-jobs/runner/jobs-by-message.ts';

const stop = new AbortController();
process.on('SIGTERM', () => stop.abort());
process.on('disconnect', () => stop.abort());
const environment = process.env;
const leaves: Readonly<Record<string, () => void>> = {
  nothing: () => undefined,
  'a timer': () => {
    setInterval(() => undefined, 1000);
  },
  'an open port': () => {
    createServer().listen(0, '127.0.0.1');
  },
  'a variable': () => {
    environment['LEFT'] = 'yes';
  },
  'another working folder': () => process.chdir('/'),
  'no channel to its parent': () => {
    process.disconnect();
  },
  'a stop while its end is told': () => {
    const send = process.send?.bind(process);
    process.send = (message: unknown, ...more: unknown[]) => {
      if (JSON.stringify(message).includes('ended')) stop.abort();
      const told = more.find((each) => typeof each === 'function');
      return send?.(message, undefined, undefined, (error) => told?.(error)) ?? false;
    };
  },
};
process.exit(
  await runJobsByMessage(
    async (variables, _, onCommand) => {
      appendFileSync(variables['TOLD'] ?? '', `${JSON.stringify(variables)}\n`);
      onCommand(1234);
      leaves[variables['LEAVES'] ?? '']?.();
      return Number(variables['EXIT_CODE'] ?? 0);
    },
    environment,
    stop.signal,
    process,
  ),
);
