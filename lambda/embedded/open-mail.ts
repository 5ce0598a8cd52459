import type { Retention } from '../../batch-jobs/api/job-expiry.ts';
import type { JobStore } from '../../batch-jobs/api/job-store.ts';
import { loadOnce } from '../../batch-jobs/api/load-once.ts';
import type { Log } from '../../batch-jobs/api/log.ts';
import type { ObjectStore } from '../../batch-jobs/api/object-store.ts';
import type { ProcessDescription } from '../../batch-jobs/api/process-description.ts';
import type { Limits } from '../configuration/limits.ts';
import type { JobMail } from '../mail/job-mail.ts';
import type { SendMail } from '../mail/mail.ts';
import { openMail } from '../mail/open-mail.ts';
import type { Recipients } from '../operations/dependencies.ts';
import { serviceTitle } from './embedded-configuration.ts';
import type { EmbeddedMail } from './embedded-options.ts';

const loadFolderSender = loadOnce(() => import('../mail/folder-sender.ts'));
const loadSmtpSender = loadOnce(() => import('../mail/smtp-sender.ts'));

interface MailParts {
  readonly objects: ObjectStore;
  readonly store: JobStore;
  readonly limits: Limits;
  readonly retention: Retention;
  readonly catalogue: () => Promise<readonly ProcessDescription[]>;
  readonly log: Log;
}

/**
 * Mails of the embedded service. By default they may go to any domain, because only this machine can ask for
 * them.
 */
export function openEmbeddedMail(mail: EmbeddedMail, parts: MailParts): JobMail {
  const { limits } = parts;
  return openMail(
    {
      ...parts,
      serviceTitle,
      domains: limits.mailDomains.length > 0 ? limits.mailDomains : ['*'],
      perRecipientAndDay: limits.mailsPerRecipientAndDay,
      now: () => new Date(),
    },
    () => openSender(mail),
  );
}

async function openSender(mail: EmbeddedMail): Promise<SendMail> {
  if ('folder' in mail) {
    const { folderSender } = await loadFolderSender();
    return folderSender(mail.folder, mail.from);
  }
  const { smtpSender } = await loadSmtpSender();
  return smtpSender(mail.smtpUrl, mail.from);
}

/** The mail that a job was accepted is sent at once, in parallel with the response to its request. */
export function toldAtOnce(mail: JobMail, log: Log): Recipients {
  return {
    domains: mail.domains,
    keep: async (job, recipients) => {
      await mail.keep(job, recipients);
      mail.tell(job).catch((error) => log.error('mails were not sent', { jobId: job.id }, error));
    },
    forget: (job) => mail.forget(job),
  };
}
