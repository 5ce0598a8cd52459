import type { Coverage, Suggestion } from '../../../batch-jobs/api/process-advice.ts';
import type { ProcessDescription } from '../../../batch-jobs/api/process-description.ts';
import type { ServiceRequest, ServiceResponse } from '../../http.ts';
import { type Advice, adviseOn, overviewOf, suggestValues } from '../../operations/advise.ts';
import { constraintsOn } from '../../operations/constrain.ts';
import type { Dependencies } from '../../operations/dependencies.ts';
import { execute } from '../../operations/execute.ts';
import type { ExecuteCommand } from '../../operations/execute-command.ts';
import { describeProcess, listProcesses } from '../../operations/processes.ts';
import type { Handler } from '../../route.ts';
import { type Fault, ServiceFault } from '../../service-fault.ts';
import { isUnfinished } from './form/extent.ts';
import { formCommand } from './form/form-command.ts';
import { placeFaults } from './form/form-fault.ts';
import { type FormValues, literalTexts, readForm } from './form/form-request.ts';
import { type FormBody, readBody } from './form/read-body.ts';
import { startingValues } from './form/starting-values.ts';
import { jobUrl } from './job-table.tsx';
import { LandingPage } from './landing-page.tsx';
import { overviewResponse, shownOverview } from './overview.ts';
import { pageContext } from './page-context.ts';
import { recentJobs } from './past-jobs.ts';
import { ProcessListPage, processUrl } from './process-list-page.tsx';
import { ProcessPage } from './process-page.tsx';
import { refuseForeignForm } from './refuse-foreign-form.ts';
import type { ProgramProtocol } from './requests/request-panel.tsx';
import { page, seeOther } from './respond.ts';
import { words } from './words.ts';

/** Protocols of the route table, in the order in which the page shows their requests. */
const protocols: readonly ProgramProtocol[] = ['ogc-api', 'wps-1.0', 'wps-2.0'];

/** Number of newest jobs on the first page. */
const shownJobs = 5;

export const landing: Handler = async (_request, _parameters, dependencies) => {
  const context = pageContext(dependencies);
  const jobs = context.listsJobs ? await recentJobs(shownJobs, dependencies) : undefined;
  return page(
    200,
    <LandingPage
      context={context}
      processes={listProcesses(dependencies)}
      endpoints={endpointsOf(context.publicUrl, context.base)}
      {...(jobs ? { jobs } : {})}
      now={dependencies.now()}
    />,
  );
};

export const toLanding: Handler = async (_request, _parameters, dependencies) => {
  const { status, headers, body } = seeOther(`${pageContext(dependencies).base}#endpoints`);
  return { status, headers: { ...headers, vary: 'accept' }, body };
};

function endpointsOf(publicUrl: string, base: string) {
  return [
    { protocol: 'OGC API - Processes', url: publicUrl, example: `${base}?f=json` },
    {
      protocol: 'WPS 2.0',
      url: `${publicUrl}wps`,
      example: `${base}wps?service=WPS&version=2.0.0&request=GetCapabilities`,
    },
    {
      protocol: 'WPS 1.0.0',
      url: `${publicUrl}wps`,
      example: `${base}wps?service=WPS&request=GetCapabilities`,
    },
  ];
}

/** On one page. */
const listedProcesses = 48;

/** The processes whose identifier, title, abstract and keywords together contain all search words. */
export const processList: Handler = async ({ query }, _parameters, dependencies) => {
  const asked = new URLSearchParams(query);
  const sought = asked.get('q')?.trim() ?? '';
  const from = Math.max(0, Number.parseInt(asked.get('from') ?? '0', 10) || 0);
  const terms = sought.toLocaleLowerCase().split(/\s+/);
  const offered = listProcesses(dependencies);
  const found = offered.filter(({ identifier, title, abstract = '', keywords = [] }) => {
    const text = [identifier, title, abstract, ...keywords].join('\n').toLocaleLowerCase();
    return terms.every((term) => text.includes(term));
  });
  const next = from + listedProcesses;
  asked.delete('f');
  asked.set('from', String(next));
  return page(
    200,
    <ProcessListPage
      context={pageContext(dependencies)}
      processes={found.slice(from, next)}
      found={found.length}
      offered={offered.length}
      sought={sought}
      {...(next < found.length ? { next: asked.toString() } : {})}
    />,
  );
};

/** The form of a process, filled in from its URL: a bookmark, or a job to change and run again. */
export const processForm: Handler = async (request, { processId = '' }, dependencies) => {
  const process = describeProcess(processId, dependencies);
  const query = new URLSearchParams(request.query);
  query.delete('f');
  const values = startingValues(process, query);
  return await formPage(process, { values, files: new Map() }, { sent: false }, dependencies);
};

/** The picture behind the box of a form. */
export const overview: Handler = async ({ query }, { processId = '' }, dependencies) => {
  const process = describeProcess(processId, dependencies);
  const values = new URLSearchParams(query);
  const drawn = await overviewOf(commandOf(process, { values, files: new Map() }), dependencies);
  if (drawn) return overviewResponse(drawn);
  throw new ServiceFault('unknown-resource', 'There is no picture of this data at hand.');
};

/** Handles a form that was sent: checks it, or runs it. */
export const sendForm: Handler = async (request, { processId = '' }, dependencies) => {
  refuseForeignForm(request, dependencies.configuration.baseUrl);
  const process = describeProcess(processId, dependencies);
  const body = await readBody(request, dependencies.configuration.limits.maxRequestBytes);
  if (body.values.get('action') !== 'run') {
    return await formPage(process, body, { sent: false }, dependencies);
  }
  dependencies.recognise('execute');
  return await run(process, request, body, dependencies);
};

async function run(
  process: ProcessDescription,
  request: ServiceRequest,
  body: FormBody,
  dependencies: Dependencies,
): Promise<ServiceResponse> {
  const command = commandOf(process, body, request);
  try {
    const { faults } = await adviseOn(command, dependencies);
    const noOutput: readonly Fault[] =
      command.outputs.length > 0 ? [] : [{ kind: 'invalid-value', text: words.reason.noOutput }];
    const all = [...faults, ...noOutput];
    if (all.length > 0)
      return await formPage(process, body, { sent: true, faults: all }, dependencies);
    const { job } = await execute(command, dependencies);
    return seeOther(jobUrl(pageContext(dependencies).base, job.id));
  } catch (error) {
    if (!(error instanceof ServiceFault)) throw error;
    return await formPage(process, body, { sent: true, faults: error.all }, dependencies);
  }
}

function commandOf(
  process: ProcessDescription,
  { values, files }: FormBody,
  request?: ServiceRequest,
): ExecuteCommand {
  const received = {
    body: request?.body ?? '',
    contentType: request?.headers['content-type'] ?? 'application/x-www-form-urlencoded',
  };
  return formCommand(readForm(process, values, files), received);
}

interface Sent {
  readonly sent: boolean;
  /** Faults of a form that was sent. */
  readonly faults?: readonly Fault[];
}

async function formPage(
  process: ProcessDescription,
  body: FormBody,
  { sent, faults }: Sent,
  dependencies: Dependencies,
): Promise<ServiceResponse> {
  const { values, files } = body;
  const command = commandOf(process, body);
  const [advice, suggestions, constraints, overview] = await Promise.all([
    adviseOn(command, dependencies),
    suggestionsOf(process, values, command, dependencies),
    constraintsOn(command, dependencies),
    overviewOf(command, dependencies),
  ]);
  const found = withUnfinished(process, values, advice.faults);
  const reason = reasonOf(process, command, found);
  // While the user fills in the form, a missing input is no fault yet.
  const shown = faults ?? found.filter(({ kind }) => kind !== 'missing-input');
  const isStarted = command.inputs.length > 0;
  const coverage = coverageOf(suggestions, process, values);
  const path = processUrl(pageContext(dependencies).base, process.identifier);
  return page(
    sent ? 422 : 200,
    <ProcessPage
      context={pageContext(dependencies)}
      process={process}
      values={values}
      request={readForm(process, values, files)}
      faults={placeFaults(process, shown)}
      sent={sent}
      {...(reason === undefined ? {} : { reason })}
      suggestions={suggestions}
      constraints={constraints}
      {...(coverage ? { coverage } : {})}
      {...(overview ? { overview: shownOverview(overview, process, values, path) } : {})}
      {...(isStarted && advice.faults.length === 0 ? { size: sizeOf(advice) } : {})}
      protocols={protocols}
      sendsMail={dependencies.mail !== undefined}
      takesReferences={dependencies.configuration.limits.referenceHosts.length > 0}
    />,
  );
}

/** An extent with only some of its numbers is incomplete, not wrong. */
function withUnfinished(
  process: ProcessDescription,
  values: FormValues,
  faults: readonly Fault[],
): readonly Fault[] {
  const unfinished = new Set(
    process.inputs.flatMap((input) => {
      if (input.kind !== 'literal' || input.editor !== 'extent') return [];
      return literalTexts(input, values).some(isUnfinished) ? [input.identifier] : [];
    }),
  );
  return faults.map((fault) =>
    unfinished.has(fault.subject ?? '') ? { ...fault, kind: 'missing-input' } : fault,
  );
}

function sizeOf({ estimate, duration, queue }: Advice) {
  return {
    ...(estimate ? { estimate: { ...estimate, faults: [] } } : {}),
    ...(duration ? { duration } : {}),
    ...(queue ? { queue } : {}),
  };
}

/** Why the form cannot be sent yet. */
function reasonOf(
  process: ProcessDescription,
  command: ExecuteCommand,
  faults: readonly Fault[],
): string | undefined {
  const missing = new Set(
    faults.filter(({ kind }) => kind === 'missing-input').map(({ subject }) => subject),
  );
  const titles = process.inputs
    .filter(({ identifier }) => missing.has(identifier))
    .map(({ title }) => title);
  if (faults.some(({ kind }) => kind !== 'missing-input')) return words.reason.faults;
  if (titles.length > 0) return words.reason.missing(titles.join(', '));
  return command.outputs.length === 0 ? words.reason.noOutput : undefined;
}

/** The process's suggestions for its literal inputs, for each input that has any. */
async function suggestionsOf(
  process: ProcessDescription,
  values: FormValues,
  command: ExecuteCommand,
  dependencies: Dependencies,
): Promise<ReadonlyMap<string, readonly Suggestion[]>> {
  const found = new Map<string, readonly Suggestion[]>();
  if (!process.advice) return found;
  for (const input of process.inputs) {
    if (input.kind !== 'literal' || input.allowedValues) continue;
    if (input.editor && input.editor !== 'several') continue;
    const text = input.editor === 'several' ? '' : (literalTexts(input, values)[0] ?? '');
    const [exact, all] = await Promise.all([
      text === '' ? [] : suggestValues(command, input.identifier, text, dependencies),
      suggestValues(command, input.identifier, '', dependencies),
    ]).catch((error: unknown) => {
      dependencies.log.error('nothing was suggested', { input: input.identifier }, error);
      return [[], []] as const;
    });
    const known = new Set(exact.map(({ value }) => value));
    const suggestions = [...exact, ...all.filter(({ value }) => !known.has(value))];
    if (suggestions.length > 0) found.set(input.identifier, suggestions);
  }
  return found;
}

/** What the given value of an input covers. */
function coverageOf(
  suggestions: ReadonlyMap<string, readonly Suggestion[]>,
  process: ProcessDescription,
  values: FormValues,
): Coverage | undefined {
  for (const input of process.inputs) {
    if (input.kind !== 'literal') continue;
    const [text] = literalTexts(input, values);
    const exact = suggestions.get(input.identifier)?.find(({ value }) => value === text?.trim());
    if (exact?.coverage) return exact.coverage;
  }
  return undefined;
}
