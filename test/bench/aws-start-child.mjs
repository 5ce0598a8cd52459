// One start of the function: loads the built handler, passes it one event, reports the processor time, and
// ends.
import { createRequire } from 'node:module';

// By `require`, as `node -e` has it: an ES import would load its streams, too.
const { writeSync } = createRequire(import.meta.url)('node:fs');
const [handler, event] = process.argv.slice(2);
const { handler: answer } = await import(handler);
if (event) {
  const { statusCode } = await answer(JSON.parse(event), {
    invokedFunctionArn: 'arn:aws:lambda:ap-southeast-2:123456789012:function:wps:DEV',
    awsRequestId: 'bench',
    getRemainingTimeInMillis: () => 29_000,
  });
  if (statusCode !== 200) process.exit(1);
}
const { user, system } = process.cpuUsage();
writeSync(3, String(user + system));
process.exit(0);
