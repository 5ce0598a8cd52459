import type { z } from 'zod';
import type { queueSettings } from '../../environments/queue-settings.ts';

type QueueData = z.input<typeof queueSettings>;
type MachineQueueData = Extract<QueueData, { instanceTypes: string[] }>;

/** Data of a queue that must be a queue of machines. */
export function machineQueue(data: QueueData): MachineQueueData {
  if (data.kind === 'fargate') throw new Error('this queue is on Fargate');
  return data;
}
