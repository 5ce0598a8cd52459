// A runner that does what the id of its job says, which is all that the tests of engines need.
import { appendFileSync } from 'node:fs';

/** The last digit of the job's id decides how the attempt ends. */
function run({ WPS_JOB_ID, WPS_JOB_ATTEMPTS, AWS_BATCH_JOB_ATTEMPT, TINY_RUNNER_LOG }, end) {
  appendFileSync(
    TINY_RUNNER_LOG,
    `${WPS_JOB_ID} ${AWS_BATCH_JOB_ATTEMPT ?? 1} of ${WPS_JOB_ATTEMPTS}\n`,
  );
  switch (WPS_JOB_ID.at(-1)) {
    case '1':
      return end(1);
    case '5':
      return end(65);
    case '9':
      process.on('SIGTERM', () => process.exit(143));
      return setInterval(() => undefined, 1000);
    default:
      return end(0);
  }
}

if (process.argv.includes('--jobs-by-message')) {
  process.on('SIGTERM', () => process.exit(143));
  process.on('disconnect', () => process.exit(143));
  process.on('message', ({ variables }) => {
    process.send({ kind: 'begun' });
    run({ ...process.env, ...variables }, (exitCode) => {
      process.send({ kind: 'ended', exitCode, isAsNew: true });
    });
  });
} else run(process.env, process.exit);
