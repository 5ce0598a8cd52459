import { randomUUID } from 'node:crypto';
import { access, constants, stat, statfs } from 'node:fs/promises';
import { checksOf } from '../../../lambda/smoke/checks.ts';
import { ServiceClient, SmokeFault } from '../../../lambda/smoke/service-client.ts';
import type { ServiceTarget } from '../target.ts';
import { broken, type Check, ok, warns } from './finding.ts';

/** With less free space than this, a job's outputs may not fit. */
const enoughBytes = 1024 ** 3;

/**
 * The checks of a service without an AWS account: its data folder, if known, and its answers over each
 * protocol, including short jobs.
 */
export function serviceChecks(
  { baseUrl, headers, dataDir }: ServiceTarget,
  { testJob, seconds }: { readonly testJob: boolean; readonly seconds: number },
): readonly Check[] {
  const client = new ServiceClient({ baseUrl, headers, answerSeconds: 30 });
  const echo = { identifier: 'echo', message: `doctor-${randomUUID()}`, jobSeconds: seconds };
  const start = dataDir === undefined ? 'npm start' : `npm start -- --data-dir ${dataDir}`;
  const asked = checksOf(echo)
    .filter(({ name }) => testJob || !/execut|job/i.test(name))
    .map(
      ({ protocol, name, run }): Check => ({
        name: `${protocol}: ${name}`,
        run: async () => {
          const subject = `${protocol}, ${name}`;
          try {
            await run(client);
            return [ok(subject, 'answers as it should')];
          } catch (error) {
            if (!(error instanceof SmokeFault)) throw error;
            return [broken(subject, error.message, start)];
          }
        },
      }),
    );
  return [...(dataDir === undefined ? [] : [folderCheck(dataDir)]), ...asked];
}

function folderCheck(dataDir: string): Check {
  return {
    name: 'data folder',
    run: async () => {
      const subject = 'data folder';
      const found = await stat(dataDir).catch(() => undefined);
      if (!found?.isDirectory()) {
        return [broken(subject, `${dataDir} is not there`, `npm start -- --data-dir ${dataDir}`)];
      }
      const isWritable = await access(dataDir, constants.R_OK | constants.W_OK).then(
        () => true,
        () => false,
      );
      if (!isWritable) {
        return [
          broken(
            subject,
            `${dataDir} may not be written to by this user`,
            `chown -R $USER ${dataDir}`,
          ),
        ];
      }
      const { bavail, bsize } = await statfs(dataDir);
      const gibibytes = ((bavail * bsize) / 1024 ** 3).toFixed(1);
      return [
        bavail * bsize < enoughBytes
          ? warns(
              subject,
              `${gibibytes} GiB are left on the disk of ${dataDir}`,
              `npm start -- --data-dir ${dataDir} --keep-days 1`,
            )
          : ok(subject, `${dataDir}, with ${gibibytes} GiB left`),
      ];
    },
  };
}
