import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { XMLParser } from 'fast-xml-parser';

/** The state of a job in an execute response. */
export interface JobView {
  readonly state: 'accepted' | 'started' | 'paused' | 'succeeded' | 'failed';
  readonly percent: number;
  /** The status message, or why the job failed. */
  readonly message: string;
  readonly statusLocation: string;
  readonly outputs: readonly { identifier: string; href: string; mimeType: string }[];
}

/** An asynchronous Execute with every output by reference. */
export function executeDocument(
  identifier: string,
  inputs: Readonly<Record<string, string>>,
  outputs: Readonly<Record<string, string>>,
): string {
  const dataInputs = Object.entries(inputs).map(
    ([name, value]) => `    <wps:Input>
      <ows:Identifier>${name}</ows:Identifier>
      <wps:Data><wps:LiteralData>${escaped(value)}</wps:LiteralData></wps:Data>
    </wps:Input>`,
  );
  const wanted = Object.entries(outputs).map(
    ([name, mimeType]) => `      <wps:Output asReference="true" mimeType="${mimeType}">
        <ows:Identifier>${name}</ows:Identifier>
      </wps:Output>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<wps:Execute service="WPS" version="1.0.0" xmlns:wps="http://www.opengis.net/wps/1.0.0" xmlns:ows="http://www.opengis.net/ows/1.1">
  <ows:Identifier>${identifier}</ows:Identifier>
  <wps:DataInputs>
${dataInputs.join('\n')}
  </wps:DataInputs>
  <wps:ResponseForm>
    <wps:ResponseDocument storeExecuteResponse="true" status="true">
${wanted.join('\n')}
    </wps:ResponseDocument>
  </wps:ResponseForm>
</wps:Execute>
`;
}

/**
 * Sends an Execute.
 *
 * @throws if the service refuses it, with the service's message
 */
export async function execute(endpoint: string, document: string): Promise<JobView> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'text/xml' },
    body: document,
  });
  return viewOf(await response.text());
}

/** The job's status now and after each poll, until the job has ended. */
export async function* follow(job: JobView): AsyncIterable<JobView> {
  let view = job;
  yield view;
  while (view.state !== 'succeeded' && view.state !== 'failed') {
    await wait(pollMilliseconds);
    view = viewOf(await (await fetch(job.statusLocation)).text());
    yield view;
  }
}

const pollMilliseconds = 200;

/**
 * Downloads an output to a file.
 *
 * @param pathOf where to save it, by the name that the service suggests
 * @returns that path
 */
export async function fetchOutput(
  href: string,
  pathOf: (filename: string) => string,
): Promise<string> {
  const response = await fetch(href);
  if (!response.ok || !response.body) throw new Error(`${href} answered ${response.status}`);
  const disposition = response.headers.get('content-disposition') ?? '';
  const filename = /filename="([^"]+)"/.exec(disposition)?.[1] ?? href.replace(/.*\//, '');
  const path = pathOf(filename);
  await pipeline(Readable.fromWeb(response.body), createWriteStream(path));
  return path;
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  parseTagValue: false,
  isArray: (name) => name === 'Output',
});

const states = {
  ProcessAccepted: 'accepted',
  ProcessStarted: 'started',
  ProcessPaused: 'paused',
  ProcessSucceeded: 'succeeded',
  ProcessFailed: 'failed',
} as const;

function viewOf(document: string): JobView {
  const { ExecuteResponse: response, ExceptionReport: report } = parser.parse(document);
  if (report) throw new Error(`the service refuses: ${report.Exception.ExceptionText}`);
  const [element] = Object.entries(states).filter(([name]) => name in response.Status);
  if (!element) throw new Error(`not an execute response: ${document}`);
  const [name, state] = element;
  const status = response.Status[name];
  const outputs: { Identifier: string; Reference: Record<string, string> }[] =
    response.ProcessOutputs?.Output ?? [];
  return {
    state,
    percent: state === 'succeeded' ? 100 : Number(status['@percentCompleted'] ?? 0),
    message: status.ExceptionReport?.Exception.ExceptionText ?? status['#text'] ?? status,
    statusLocation: response['@statusLocation'],
    outputs: outputs.map(({ Identifier, Reference }) => ({
      identifier: Identifier,
      href: Reference['@href'] ?? '',
      mimeType: Reference['@mimeType'] ?? '',
    })),
  };
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
