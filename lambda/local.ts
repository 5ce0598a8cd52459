/** The service on one machine, without AWS: `npm start -- [options]`, see `npm start -- --help`. */

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { jsonLog } from '../batch-jobs/api/log.ts';
import { startEmbeddedService } from './embedded/embedded-service.ts';
import { type LocalOptions, OptionFault, parseOptions, usage } from './embedded/parse-options.ts';
import { startMessage } from './embedded/start-message.ts';

function options(): LocalOptions {
  try {
    const parsed = parseOptions(process.argv.slice(2));
    if (parsed) return parsed;
  } catch (error) {
    if (!(error instanceof OptionFault)) throw error;
    process.stderr.write(`${error.message}\n\n${usage}`);
    process.exit(64);
  }
  process.stdout.write(usage);
  process.exit(0);
}

/** Prints where the service is, and runs it until a signal ends it, or its data folder is lost. */
async function run(given: LocalOptions): Promise<void> {
  const { referenceHosts, callbackHosts, mailDomains, maxRequestBytes, ...others } = given;
  const service = await startEmbeddedService({
    ...others,
    limits: { referenceHosts, callbackHosts, mailDomains, maxRequestBytes },
    onProcessFault: (fault) => process.stderr.write(`${fault}\n`),
    batchJobsDir: join(dirname(fileURLToPath(import.meta.url)), '..', 'batch-jobs'),
    environment: process.env,
    log: jsonLog((line) => process.stderr.write(line)),
  }).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    process.stderr.write(`the service cannot start: ${why}\n`);
    process.exit(1);
  });

  process.stdout.write(startMessage({ ...given, endpoint: service.endpoint }));

  let closing = false;
  function close(exitCode: number): void {
    // A second Ctrl-C means that the user does not want to wait.
    if (closing) process.exit(130);
    closing = true;
    service.close().then(
      () => process.exit(exitCode),
      () => process.exit(1),
    );
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => close(0));
  service.lost.addEventListener('abort', () => {
    process.stderr.write(`the service ends: ${service.lost.reason.message}\n`);
    close(1);
  });
}

void run(options());
