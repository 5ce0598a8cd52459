/** Handlers of OGC API - Processes, loaded with its first request. */

export { getSuggestions, postConstraints, postEstimate } from './advice-handlers.ts';
export { postExecution } from './execution-handler.ts';
export {
  deleteJob,
  getInputs,
  getJob,
  getJobs,
  getLog,
  getResult,
  getResults,
  patchJob,
} from './job-handlers.ts';
export {
  getApi,
  getConformance,
  getKeys,
  getLandingPage,
  getProcess,
  getProcesses,
} from './service-handlers.ts';
