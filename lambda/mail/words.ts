/** Every text of the mails, so that a translation has one file to replace. */
export const words = {
  subject: {
    accepted: (process: string) => `${process}: your job was accepted`,
    succeeded: (process: string) => `${process}: your job has finished`,
    failed: (process: string) => `${process}: your job failed`,
    dismissed: (process: string) => `${process}: your job was cancelled`,
  },
  first: {
    accepted: 'Your job was accepted. You get one more mail when it has ended.',
    succeeded: 'Your job has finished, and its outputs are ready.',
    failed: 'Your job failed.',
    dismissed: 'Your job was cancelled; it has no outputs.',
  },
  link: {
    accepted: 'Follow it on its page:',
    succeeded: 'Fetch the outputs from its page:',
    failed: 'Its page says what was asked, and lets you change it and run it again:',
    dismissed: 'Its page says what was asked:',
  },
  process: 'Process',
  job: 'Job',
  sent: 'Sent',
  ended: 'Ended',
  outputs: 'Outputs',
  kept: 'Kept until',
  why: 'Why it failed',
  whatNow: 'What you can do',
  advice: {
    'invalid-value': 'Change the request as its page says, and run it again.',
    'too-large': 'Ask for less: a smaller area, a shorter period or fewer variables.',
    'storage-full': 'Ask for less, or try again later.',
    internal:
      'Run it again. If it fails again, tell the provider of the service the number of the job.',
  },
  onPage: 'The reason is on the page of the job.',
  footer: (service: string) =>
    `${service} sent this mail because your address was given with the job. Please do not answer it.`,
} as const;
