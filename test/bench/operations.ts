import { mintJobId } from '../../batch-jobs/api/job-id.ts';
import { JobStore } from '../../batch-jobs/api/job-store.ts';
import { jsonLog } from '../../batch-jobs/api/log.ts';
import { catalogue } from '../../batch-jobs/catalogue.ts';
import { defaultLimits } from '../../lambda/configuration/limits.ts';
import type { ServiceRequest } from '../../lambda/http.ts';
import { noMetrics } from '../../lambda/jobs/metrics.ts';
import { UnfinishedJobs } from '../../lambda/jobs/unfinished-jobs.ts';
import type { ServiceDependencies } from '../../lambda/operations/dependencies.ts';
import { encodeExecuteResponse } from '../../lambda/protocols/wps-1.0/encode-execute-response.ts';
import { serve } from '../../lambda/service.ts';
import { MemoryObjectStore } from '../memory-object-store.ts';
import { noDeadline } from '../no-deadline.ts';
import { executeRequest } from './execute-request.ts';
import type { Figure } from './figure.ts';

const rounds = 2_000;

/** Time of each warm operation itself: objects are in memory, and the engine only accepts jobs. */
export async function operations(): Promise<Figure[]> {
  const store = new JobStore(new MemoryObjectStore(), {
    filename: 'status.xml',
    encode: encodeExecuteResponse,
  });
  const dependencies: ServiceDependencies = {
    configuration: {
      environment: 'bench',
      baseUrl: 'http://127.0.0.1/',
      statusFilename: 'status.xml',
      identification: { title: 'Bench', keywords: [], fees: 'NONE', accessConstraints: 'NONE' },
      provider: { name: 'Bench', contact: {} },
      languages: ['en'],
      processes: catalogue.map((process) => process.identifier),
      limits: { ...defaultLimits, maxUnfinishedJobs: 1_000_000 },
    },
    catalogue,
    store: async () => store,
    engine: async () => ({
      submit: async ({ jobId }) => ({ engineJobId: jobId }),
      describe: async () => undefined,
      describeMany: async () => new Map(),
      find: async () => undefined,
      terminate: async () => {},
    }),
    caller: { listsAllJobs: false },
    mintJobId,
    deadline: noDeadline(new Date()),
    unfinishedJobs: new UnfinishedJobs(() => new Date()),
    now: () => new Date(),
    wait: async () => {},
    log: jsonLog(() => {}),
    metrics: noMetrics,
  };
  const get = (path: string, query: string): ServiceRequest => ({
    method: 'GET',
    path,
    query,
    headers: {},
    body: new Uint8Array(),
  });
  const execute: ServiceRequest = {
    method: 'POST',
    path: '/wps',
    query: '',
    headers: {},
    body: Buffer.from(executeRequest),
  };
  const accepted = String((await serve(execute, dependencies)).body);
  const jobId = /jobId=([0-9a-f-]+)/.exec(accepted)?.[1];

  const measure = async (
    name: string,
    request: ServiceRequest,
    aim?: string,
  ): Promise<Figure[]> => {
    for (let round = 0; round < rounds / 10; round++) await serve(request, dependencies);
    const start = performance.now();
    const used = process.cpuUsage();
    for (let round = 0; round < rounds; round++) {
      const { status } = await serve(request, dependencies);
      if (status !== 200) throw new Error(`${name}: status ${status}`);
    }
    const value = (performance.now() - start) / rounds;
    const { user, system } = process.cpuUsage(used);
    return [
      { name: `${name}, own time`, value, unit: 'ms', ...(aim === undefined ? {} : { aim }) },
      { name: `${name}, processor time`, value: (user + system) / 1000 / rounds, unit: 'ms' },
    ];
  };
  return [
    ...(await measure('GetCapabilities', get('/wps', 'service=WPS&request=GetCapabilities'))),
    ...(await measure(
      'DescribeProcess ALL',
      get('/wps', 'service=WPS&version=1.0.0&request=DescribeProcess&identifier=ALL'),
    )),
    ...(await measure('Execute', execute, 'under 1 ms')),
    ...(await measure('job status', get('/wps/jobStatus', `jobId=${jobId}&format=XML`))),
  ];
}
