/** One message to one recipient: recipients do not see each other. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/**
 * What became of a message. `later` is said only where it is certain that it was not taken: whatever may
 * have been taken is never sent again.
 */
export interface MailOutcome {
  readonly kind: 'sent' | 'refused' | 'later';
  /** Code of the mail service or of the network, for the log. Never an address. */
  readonly code?: string;
}

/** Hands a message to what delivers it. What may have been taken, and was not confirmed, throws. */
export type SendMail = (mail: Mail) => Promise<MailOutcome>;

/** The events of a job that mail is sent about. */
export const mailEvents = ['accepted', 'ended'] as const;
export type MailEvent = (typeof mailEvents)[number];

/** Header that keeps other mail programs from answering automatically (RFC 3834, clause 5). */
export const automatic = { name: 'Auto-Submitted', value: 'auto-generated' } as const;
