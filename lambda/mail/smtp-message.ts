import type { SendMailOptions } from 'nodemailer';
import { automatic, type Mail } from './mail.ts';

/** A mail in the form that nodemailer expects. */
export function smtpMessage({ to, subject, text, html }: Mail, from: string): SendMailOptions {
  return {
    from,
    // As an object, so that the address is never parsed.
    to: { name: '', address: to },
    subject,
    text,
    html,
    headers: { [automatic.name]: automatic.value },
    // Never reads a file or URL that a message names.
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
