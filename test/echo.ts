import type { ProcessDescription } from '../batch-jobs/api/process-description.ts';
import { findProcess } from '../batch-jobs/catalogue.ts';

/** The process that tests run when any process will do. */
export const echo = findProcess('echo') as ProcessDescription;
