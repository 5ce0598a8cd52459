import type { Retention } from '../../batch-jobs/api/job-expiry.ts';
import { loadOnce } from '../../batch-jobs/api/load-once.ts';
import type { ProcessDescription } from '../../batch-jobs/api/process-description.ts';
import { JobMail, type JobMailParts } from './job-mail.ts';
import type { SendMail } from './mail.ts';

const loadEncoder = loadOnce(() => import('./encode-mail.ts'));

/**
 * Mails of a store. The code that writes and sends them is loaded with the first mail: most requests cause
 * none.
 *
 * @param sender opens the system that delivers them
 */
export function openMail(
  parts: Omit<JobMailParts, 'send' | 'encode'> & {
    readonly serviceTitle: string;
    readonly catalogue: () => Promise<readonly ProcessDescription[]>;
    readonly retention: Retention;
  },
  sender: () => Promise<SendMail>,
): JobMail {
  const { serviceTitle, catalogue, retention } = parts;
  let opened: Promise<SendMail> | undefined;
  return new JobMail({
    ...parts,
    send: async (mail) => {
      opened ??= sender();
      return await (await opened)(mail);
    },
    encode: async (job, event, inputs) => {
      const { encodeMail } = await loadEncoder();
      const process = (await catalogue()).find(
        ({ identifier }) => identifier === job.process.identifier,
      );
      return await encodeMail(job, event, inputs, {
        ...retention,
        serviceTitle,
        ...(process ? { process } : {}),
      });
    },
  });
}
