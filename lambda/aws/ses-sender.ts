import {
  SESv2Client,
  type SESv2ClientConfig,
  SESv2ServiceException,
  SendEmailCommand,
} from '@aws-sdk/client-sesv2';
import { automatic, type SendMail } from '../mail/mail.ts';

export interface SesOptions {
  readonly from: string;
  /** Its suppression list stops mails to addresses that bounced or complained. */
  readonly configurationSet?: string;
  readonly region: string;
  /** Only tests replace it. */
  readonly client?: SESv2ClientConfig;
}

/** Errors of SES after which it may accept the message at another time. */
const passing = new Set([
  'TooManyRequestsException',
  'LimitExceededException',
  'SendingPausedException',
  'AccountSuspendedException',
]);

/**
 * Sends mails with Amazon SES. The SDK's own retries are switched off: a request that was interrupted may
 * have been accepted.
 */
export function sesSender({ from, configurationSet, region, client }: SesOptions): SendMail {
  const ses = new SESv2Client({ region, maxAttempts: 1, ...client });
  return async ({ to, subject, text, html }) => {
    try {
      await ses.send(
        new SendEmailCommand({
          FromEmailAddress: from,
          Destination: { ToAddresses: [to] },
          ...(configurationSet === undefined ? {} : { ConfigurationSetName: configurationSet }),
          Content: {
            Simple: {
              Subject: { Data: subject, Charset: 'UTF-8' },
              Body: {
                Text: { Data: text, Charset: 'UTF-8' },
                Html: { Data: html, Charset: 'UTF-8' },
              },
              Headers: [{ Name: automatic.name, Value: automatic.value }],
            },
          },
        }),
      );
      return { kind: 'sent' };
    } catch (error) {
      if (!(error instanceof SESv2ServiceException)) throw error;
      const { name, $metadata } = error;
      const isPassing = passing.has(name) || ($metadata.httpStatusCode ?? 0) >= 500;
      return { kind: isPassing ? 'later' : 'refused', code: name };
    }
  };
}
