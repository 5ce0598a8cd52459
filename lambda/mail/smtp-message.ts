import type { SendMailOptions } from 'nodemailer';
import { automatic, type Mail } from './mail.ts';

/** A mail as nodemailer takes it. */
export function smtpMessage({ to, subject, text, html }: Mail, from: string): SendMailOptions {
  return {
    from,
    // As an object: an address is never taken apart.
    to: { name: '', address: to },
    subject,
    text,
    html,
    headers: { [automatic.name]: automatic.value },
    // Nothing that a message names is ever read.
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
