// A runner that does as its job's process is named: the engine's tests need no more of one.
import { appendFileSync } from 'node:fs';

const { WPS_JOB_ID, WPS_JOB_ATTEMPTS, AWS_BATCH_JOB_ATTEMPT, TINY_RUNNER_LOG } = process.env;
appendFileSync(
  TINY_RUNNER_LOG,
  `${WPS_JOB_ID} ${AWS_BATCH_JOB_ATTEMPT ?? 1} of ${WPS_JOB_ATTEMPTS}\n`,
);
// The last digit of a job's id says what becomes of it.
const behaviour = WPS_JOB_ID.at(-1);
if (behaviour === '1') process.exit(1);
if (behaviour === '5') process.exit(65);
if (behaviour === '9') {
  process.on('SIGTERM', () => process.exit(143));
  setInterval(() => undefined, 1000);
} else process.disconnect?.();
