import { html } from 'hono/html';
import { isFinal, type Job, type JobInput } from '../../batch-jobs/api/job.ts';
import { expiryOf, type Retention } from '../../batch-jobs/api/job-expiry.ts';
import type { ProcessDescription } from '../../batch-jobs/api/process-description.ts';
import { readableBytes, readableInstant } from '../readable.ts';
import type { Mail, MailEvent } from './mail.ts';
import { nameOf, ownWords } from './own-words.ts';
import { words } from './words.ts';

export interface EncodeOptions extends Retention {
  /** Title of the service that the mail is from. */
  readonly serviceTitle: string;
  /** The process as offered; left out if it is no longer offered. */
  readonly process?: ProcessDescription;
}

/**
 * A mail about a job, in the service's own words. Of the request it contains only values of inputs that the
 * process wants named, and only if they are plain names.
 */
export async function encodeMail(
  job: Job,
  event: MailEvent,
  inputs: readonly JobInput[],
  { serviceTitle, process, ...retention }: EncodeOptions,
): Promise<Omit<Mail, 'to'>> {
  const state =
    event === 'ended' && isFinal(job.status) ? (job.status as keyof typeof words.first) : event;
  if (state === 'ended') throw new Error('a job that has not ended cannot be announced as ended');
  const page = `${job.baseUrl}jobs/${job.id}`;
  const expiry = expiryOf(job, retention);
  const named = (process?.inputs ?? []).flatMap((input): [string, string][] => {
    if (input.kind !== 'literal' || input.mail !== 'named') return [];
    const name = nameOf(inputs, input.identifier);
    return name === undefined ? [] : [[input.title, name]];
  });
  const facts: readonly (readonly [string, string])[] = [
    [words.process, job.process.title],
    ...named,
    [words.job, job.id],
    [words.sent, readableInstant(job.createdAt)],
    ...(event === 'ended' && job.endedAt
      ? [[words.ended, readableInstant(job.endedAt)] as const]
      : []),
    ...(state === 'succeeded' ? [[words.outputs, outputsOf(job)] as const] : []),
    ...(state === 'succeeded' && expiry ? [[words.kept, readableInstant(expiry)] as const] : []),
    ...(state === 'failed' ? failureOf(job, inputs) : []),
  ];
  const subject = oneLine(words.subject[state](job.process.title));
  const footer = words.footer(serviceTitle);
  const text = [
    words.first[state],
    facts.map(([name, value]) => `${name}: ${value}`).join('\n'),
    `${words.link[state]}\n${page}`,
    `-- \n${footer}`,
  ].join('\n\n');
  const body = html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${subject}</title></head>
<body style="font-family: sans-serif; line-height: 1.5">
<p>${words.first[state]}</p>
<table cellpadding="4">
${facts.map(
  ([name, value]) =>
    html`<tr><th align="left" valign="top" scope="row">${name}</th><td>${value}</td></tr>\n`,
)}
</table>
<p>${words.link[state]}<br><a href="${page}">${page}</a></p>
<p style="font-size: smaller">${footer}</p>
</body>
</html>
`;
  return { subject, text: `${text}\n`, html: String(await body) };
}

/** Uses the titles of the job's page. */
function outputsOf({ outputs, requestedOutputs }: Job): string {
  return outputs
    .map(({ identifier, size }) => {
      const requested = requestedOutputs.find((each) => each.identifier === identifier);
      return `${requested?.title ?? identifier} (${readableBytes(size)})`;
    })
    .join(', ');
}

function failureOf({ failure }: Job, inputs: readonly JobInput[]) {
  const { kind = 'internal', text = '' } = failure ?? {};
  return [
    [words.why, ownWords(text, inputs) ?? words.onPage],
    [words.whatNow, words.advice[kind]],
  ] as const;
}

/** A title is the service's own text, but even so it must not break one header into two. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
}
