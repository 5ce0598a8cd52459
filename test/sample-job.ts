import type { Job } from '../batch-jobs/api/job.ts';

/** A job as Execute stores it. Tests override what matters to them. */
export function sampleJob(change: Partial<Job> = {}): Job {
  return {
    id: '3f0e9a52-8a3b-4c58-9d1f-0c7f0a6d2b11',
    process: { identifier: 'echo', version: '1.0.0', title: 'Echo' },
    status: 'accepted',
    message: 'The job waits to be run.',
    percentCompleted: 0,
    baseUrl: 'http://127.0.0.1:8080/',
    language: 'en-US',
    presentation: { protocol: 'wps-1.0', store: true, status: true, lineage: false, raw: false },
    requestedOutputs: [
      {
        identifier: 'result',
        kind: 'complex',
        title: 'Result',
        transmission: 'reference',
        mimeType: 'text/plain',
        extension: '.txt',
      },
    ],
    queue: 'small',
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:00.000Z',
    outputs: [],
    ...change,
  };
}
