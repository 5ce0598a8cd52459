import { createTransport } from 'nodemailer';
import type { SendMail } from './mail.ts';
import { smtpMessage } from './smtp-message.ts';

/** The longest silence of a server, in milliseconds. */
const patience = 10_000;

/**
 * Sends mails through an SMTP server, such as that of the institute.
 *
 * @param url `smtp://user:password@host:587`, or `smtps:` for TLS from the start
 * @param from address of the sender, with or without a name
 */
export function smtpSender(url: string, from: string): SendMail {
  const address = new URL(url);
  for (const name of ['connectionTimeout', 'greetingTimeout', 'socketTimeout']) {
    address.searchParams.set(name, String(patience));
  }
  const transport = createTransport(address.href);
  return async (mail) => {
    try {
      await transport.sendMail(smtpMessage(mail, from));
      return { kind: 'sent' };
    } catch (error) {
      const { code = 'unknown', responseCode } = error as SmtpFailure;
      const said = responseCode === undefined ? code : `${code} ${responseCode}`;
      if (responseCode !== undefined && responseCode >= 500) return { kind: 'refused', code: said };
      if (responseCode !== undefined || isBeforeMessage(error as SmtpFailure)) {
        return { kind: 'later', code: said };
      }
      throw error;
    }
  };
}

/** A failure as nodemailer reports it. */
interface SmtpFailure extends Error {
  readonly code?: string;
  /** Code of the server's answer, if there was one. */
  readonly responseCode?: number;
  readonly syscall?: string;
}

/** Once a message is on its way, silence does not mean that it was not accepted. */
function isBeforeMessage({ code = '', syscall, message }: SmtpFailure): boolean {
  return (
    syscall === 'connect' ||
    ['EDNS', 'EAUTH', 'ETLS'].includes(code) ||
    (code === 'ETIMEDOUT' && /^(Connection timeout|Greeting never received)/.test(message))
  );
}
