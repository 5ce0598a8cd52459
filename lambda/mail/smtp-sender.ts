import { createTransport } from 'nodemailer';
import type { SendMail } from './mail.ts';
import { smtpMessage } from './smtp-message.ts';

/** The longest time until a server greets, in milliseconds. */
const longestSilence = 10_000;

/**
 * Sends mails through an SMTP server, such as that of the institute.
 *
 * A password is only sent over TLS, unless the URL says `requireTLS=false`.
 *
 * @param url `smtp://user:password@host:587`, or `smtps:` for TLS from the start
 * @param from address of the sender, with or without a name
 * @param patience the longest time until the server greets, and half of any later silence, in milliseconds; only
 *   tests replace it
 */
export function smtpSender(url: string, from: string, patience = longestSilence): SendMail {
  const address = new URL(url);
  const timeouts = {
    connectionTimeout: patience,
    greetingTimeout: patience,
    // Longer: were it to end first, a missing greeting would look like silence about a message.
    socketTimeout: 2 * patience,
  };
  for (const [name, timeout] of Object.entries(timeouts)) {
    address.searchParams.set(name, String(timeout));
  }
  if (address.password !== '' && !address.searchParams.has('requireTLS')) {
    address.searchParams.set('requireTLS', 'true');
  }
  const transport = createTransport(address.href);
  return async (mail) => {
    try {
      await transport.sendMail(smtpMessage(mail, from));
      return { kind: 'sent' };
    } catch (error) {
      const { code = 'unknown', originalCode, responseCode } = error as SmtpFailure;
      const said = [code, originalCode, responseCode]
        .filter((each) => each !== undefined)
        .join(' ');
      if (isBeforeMessage(error as SmtpFailure)) return { kind: 'later', code: said };
      if (responseCode === undefined) throw error;
      return { kind: responseCode >= 500 ? 'refused' : 'later', code: said };
    }
  };
}

/** A failure as nodemailer reports it. */
interface SmtpFailure extends Error {
  readonly code?: string;
  /** Code of the error of Node.js behind it. */
  readonly originalCode?: string;
  /** Code of the server's answer, if there was one. */
  readonly responseCode?: number;
  readonly syscall?: string;
  readonly timeoutType?: string;
}

/**
 * Codes of Node.js for a certificate that it does not trust.
 *
 * Source: Node.js, TLS, "X509 certificate error codes"
 */
const untrustedCertificate = /CERT|SIGNATURE|INVALID_CA|HOSTNAME_MISMATCH/;

const timeoutsBeforeMessage = ['CONNECT_TIMEOUT', 'GREETING_TIMEOUT', 'UPGRADE_TIMEOUT'];

/**
 * Whether the server was not reached, or does not accept mail from this sender at all, which settings can
 * mend. Once a message is on its way, silence does not mean that it was not accepted.
 */
function isBeforeMessage(failure: SmtpFailure): boolean {
  const { code = '', originalCode = '', syscall, timeoutType = '' } = failure;
  return (
    syscall === 'connect' ||
    untrustedCertificate.test(originalCode) ||
    ['EDNS', 'EAUTH', 'ETLS'].includes(code) ||
    timeoutsBeforeMessage.includes(timeoutType)
  );
}
