/** One message to one recipient, so that recipients do not see each other. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/**
 * The result of handing over a message. `later` means that the message was certainly not accepted: a message
 * that may have been accepted is never sent again.
 */
export interface MailOutcome {
  readonly kind: 'sent' | 'refused' | 'later';
  /** Code of the mail service or of the network, for the log. Never an address. */
  readonly code?: string;
}

/**
 * Hands a message to the system that delivers it. Throws if the message may have been accepted but was not
 * confirmed.
 */
export type SendMail = (mail: Mail) => Promise<MailOutcome>;

/** The events of a job that cause a mail. */
export const mailEvents = ['accepted', 'ended'] as const;
export type MailEvent = (typeof mailEvents)[number];

/** Header that keeps other mail programs from answering automatically (RFC 3834, clause 5). */
export const automatic = { name: 'Auto-Submitted', value: 'auto-generated' } as const;
