import { z } from 'zod';
import { processFileSchema } from '../batch-jobs/api/process-file.ts';

/** `batch-jobs/process.schema.json`: the JSON Schema of process files, which editors use for completion. */
export function generateProcessSchema(): string {
  const schema = z.toJSONSchema(processFileSchema, { io: 'input' });
  const title = 'Description of a process: process.yaml or process.json';
  return `${JSON.stringify({ ...schema, title }, null, 2)}\n`;
}
