import { setTimeout as wait } from 'node:timers/promises';
import { hasEnded, type JobDesk } from '../jobs/job-desk.ts';
import { broken, type Check, type Finding, ok, warns } from './finding.ts';

export interface TestJob {
  /** Starts a short job. */
  readonly start: () => Promise<{ readonly jobID: string }>;
  readonly jobs: Pick<JobDesk, 'show'>;
  /** How long it may take: machines may have to start first. */
  readonly seconds: number;
  /** For the command that mends it: `--env PROD`. */
  readonly target: string;
  readonly tell: (text: string) => void;
}

/** Runs a job of the process `echo` from its submission to its output. */
export function testJob({ start, jobs, seconds, target, tell }: TestJob): Check {
  return {
    name: 'test job',
    run: async (): Promise<readonly Finding[]> => {
      const { jobID } = await start();
      const logs = `npm run operate -- logs ${jobID} ${target}`;
      const until = Date.now() + seconds * 1000;
      let job = await jobs.show(jobID);
      for (let told = ''; !hasEnded(job) && Date.now() < until; job = await jobs.show(jobID)) {
        if (job.message !== told) tell(`test job ${jobID}: ${job.message}`);
        told = job.message;
        await wait(Math.min(2_000, Math.max(0, until - Date.now())));
      }
      if (job.status === 'successful') return [ok('test job', `${jobID} ran to its output`)];
      if (hasEnded(job)) {
        return [broken('test job', `${jobID} ended as ${job.status}: ${job.message}`, logs)];
      }
      return [
        warns(
          'test job',
          `${jobID} is ${job.status} after ${seconds} s: ${job.message}`,
          `npm run operate -- jobs show ${jobID} ${target}`,
        ),
      ];
    },
  };
}
