import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SendMail } from '../../lambda/mail/mail.ts';

/** A message as its recipient's server would receive it. */
export interface ReceivedMail {
  /** Recipients of the envelope, or of the message where there is no envelope. */
  readonly recipients: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Names in lower case. */
  readonly headers: readonly string[];
}

export interface MailSenderUnderTest {
  readonly send: SendMail;
  /** The message that was sent last. */
  readonly last: () => Promise<ReceivedMail>;
  /** Sends to an address where nothing listens. */
  readonly unreachable?: SendMail;
  readonly stop?: () => Promise<void>;
}

const mail = {
  to: 'ada@example.org',
  subject: 'GoGoDuck: your job has finished',
  text: 'It is ready.\nhttps://example.org/jobs/1\n',
  html: '<p>It is <b>ready</b>.</p>',
};

/** Tests of the mail sender port that every adapter must pass. */
export function describeMailSender(name: string, start: () => Promise<MailSenderUnderTest>): void {
  describe(`${name} keeps the contract of a mail sender`, () => {
    let under: MailSenderUnderTest;
    beforeAll(async () => {
      under = await start();
    });
    afterAll(async () => under?.stop?.());

    it('a mail sender sends a message with its text and HTML, marked as automatic', async () => {
      expect(await under.send(mail)).toEqual({ kind: 'sent' });
      const last = await under.last();
      expect(last.recipients).toEqual(['ada@example.org']);
      expect(last.subject).toBe(mail.subject);
      expect(last.text.replaceAll('\r\n', '\n').trim()).toBe(mail.text.trim());
      expect(last.html.trim()).toBe(mail.html);
      expect(last.headers).toContain('auto-submitted');
    });

    it('a mail sender keeps non-ASCII characters in subject and text', async () => {
      const subject = 'Größe – 水温: your job failed';
      await under.send({ ...mail, subject, text: 'Über 10 GB\n' });
      const last = await under.last();
      expect(last.subject).toBe(subject);
      expect(last.text.trim()).toBe('Über 10 GB');
    });

    it('a mail sender makes no header from a subject of two lines', async () => {
      await under.send({ ...mail, subject: 'one\r\nBcc: eve@example.org\r\nX-Evil: 1' });
      const last = await under.last();
      expect(last.recipients).toEqual(['ada@example.org']);
      expect(last.headers).not.toContain('x-evil');
      expect(last.headers).not.toContain('bcc');
    });

    it('a mail sender treats the recipient as one address, whatever it contains', async () => {
      await under
        .send({ ...mail, to: 'ada@example.org, eve@example.org', subject: 'hostile' })
        .catch(() => undefined);
      const last = await under.last();
      expect(last.recipients).not.toContain('eve@example.org');
    });

    it('a mail sender reports that a message can be tried later if no server accepted it', async () => {
      if (!under.unreachable) return;
      expect(await under.unreachable(mail)).toMatchObject({ kind: 'later' });
    });
  });
}
