import { setTimeout as wait } from 'node:timers/promises';
import {
  at,
  expectValue,
  memberAt,
  type ServiceClient,
  SmokeFault,
  type XmlData,
} from './service-client.ts';

export interface Check {
  readonly protocol: string;
  readonly name: string;
  readonly run: (client: ServiceClient) => Promise<void>;
}

/** A process that returns a message, as `echo` does. */
interface EchoProcess {
  readonly identifier: string;
  /** Unique to this run, so that a matching answer belongs to this run. */
  readonly message: string;
  /** The longest time for a job. */
  readonly jobSeconds: number;
}

/** What to expect of a working service over each protocol, up to the output of a job. */
export function checksOf(echo: EchoProcess): readonly Check[] {
  return [...wps10(echo), ...wps20(echo), ...ogcApi(echo), pages(echo)];
}

const xml = { 'content-type': 'text/xml' };

function wps10({ identifier, message, jobSeconds }: EchoProcess): Check[] {
  const protocol = 'WPS 1.0.0';
  const query = (parameters: Readonly<Record<string, string>>) =>
    `wps?${new URLSearchParams({ service: 'WPS', version: '1.0.0', ...parameters })}`;
  return [
    {
      protocol,
      name: 'GetCapabilities',
      run: async (client) => {
        const found = await client.askXml('wps?service=WPS&request=GetCapabilities');
        expectValue(
          'the version of the capabilities',
          at(found, 'Capabilities', '@version'),
          '1.0.0',
        );
      },
    },
    {
      protocol,
      name: 'DescribeProcess',
      run: async (client) => {
        const found = await client.askXml(query({ request: 'DescribeProcess', identifier }));
        const described = at(found, 'ProcessDescriptions', 'ProcessDescription', 'Identifier');
        expectValue('the described process', described, identifier);
      },
    },
    {
      protocol,
      // Asynchronous: a queue that starts from zero takes longer than a request can wait.
      name: 'Execute, status document, output',
      run: async (client) => {
        const accepted = await client.askXml(
          query({
            request: 'Execute',
            identifier,
            DataInputs: `message=${message}`,
            ResponseDocument: 'result',
            storeExecuteResponse: 'true',
            status: 'true',
          }),
        );
        const location = at(accepted, 'ExecuteResponse', '@statusLocation');
        if (!location) throw new SmokeFault('Execute answered without a statusLocation');
        let document: XmlData = accepted;
        await ended(
          jobSeconds,
          async () => {
            document = await client.askXml(location);
            return stateOf(document);
          },
          'ProcessSucceeded',
          ['ProcessFailed'],
        );
        const data = memberAt(document, 'ExecuteResponse', 'ProcessOutputs', 'Output', 'Data');
        const output = at(data, 'ComplexData') ?? at(data, 'LiteralData');
        expectValue('the output', output?.trim(), message);
      },
    },
  ];
}

/** Name of the element with the state of a WPS 1.0.0 job. */
function stateOf(document: XmlData): string | undefined {
  const states = ['ProcessAccepted', 'ProcessStarted', 'ProcessSucceeded', 'ProcessFailed'];
  return states.find(
    (state) => memberAt(document, 'ExecuteResponse', 'Status', state) !== undefined,
  );
}

function wps20({ identifier, message, jobSeconds }: EchoProcess): Check[] {
  const protocol = 'WPS 2.0';
  const query = (parameters: Readonly<Record<string, string>>) =>
    `wps?${new URLSearchParams({ service: 'WPS', version: '2.0.0', ...parameters })}`;
  return [
    {
      protocol,
      name: 'GetCapabilities',
      run: async (client) => {
        const found = await client.askXml(
          'wps?service=WPS&request=GetCapabilities&AcceptVersions=2.0.0',
        );
        expectValue(
          'the version of the capabilities',
          at(found, 'Capabilities', '@version'),
          '2.0.0',
        );
      },
    },
    {
      protocol,
      name: 'Execute, GetStatus, GetResult',
      run: async (client) => {
        const body = `<wps:Execute xmlns:wps="http://www.opengis.net/wps/2.0" xmlns:ows="http://www.opengis.net/ows/2.0" service="WPS" version="2.0.0" mode="async" response="document"><ows:Identifier>${identifier}</ows:Identifier><wps:Input id="message"><wps:Data>${message}</wps:Data></wps:Input><wps:Output id="result"/></wps:Execute>`;
        const accepted = await client.askXml('wps', { method: 'POST', headers: xml, body });
        const jobId = at(accepted, 'StatusInfo', 'JobID');
        if (!jobId) throw new SmokeFault('Execute answered without a job id');
        await ended(
          jobSeconds,
          async () => {
            const status = await client.askXml(query({ request: 'GetStatus', jobId }));
            return at(status, 'StatusInfo', 'Status');
          },
          'Succeeded',
          ['Failed', 'Dismissed'],
        );
        const result = await client.askXml(query({ request: 'GetResult', jobId }));
        expectValue('the output', at(result, 'Result', 'Output', 'Data')?.trim(), message);
      },
    },
  ];
}

function ogcApi({ identifier, message, jobSeconds }: EchoProcess): Check[] {
  const protocol = 'OGC API - Processes';
  const path = `processes/${encodeURIComponent(identifier)}`;
  return [
    {
      protocol,
      name: 'landing page and conformance',
      run: async (client) => {
        await client.askJson('');
        const { text } = await client.ask('conformance');
        if (!text.includes('ogcapi-processes-1/1.0/conf/core')) {
          throw new SmokeFault('/conformance does not name the class core');
        }
      },
    },
    {
      protocol,
      name: 'process description',
      run: async (client) => {
        expectValue('the described process', at(await client.askJson(path), 'id'), identifier);
      },
    },
    {
      protocol,
      name: 'execution, job, results',
      run: async (client) => {
        const answer = await client.ask(
          `${path}/execution`,
          {
            method: 'POST',
            headers: { 'content-type': 'application/json', prefer: 'respond-async' },
            body: JSON.stringify({
              inputs: { message },
              outputs: { result: {} },
              response: 'document',
            }),
          },
          201,
        );
        const location = answer.headers.get('location');
        if (!location) throw new SmokeFault('the answer to an execution has no Location');
        await ended(
          jobSeconds,
          async () => at(await client.askJson(location), 'status'),
          'successful',
          ['failed', 'dismissed'],
        );
        const results = await client.askJson(`${location}/results?f=json`);
        expectValue(
          'the output',
          (at(results, 'result', 'value') ?? at(results, 'result'))?.trim(),
          message,
        );
      },
    },
  ];
}

function pages({ identifier }: EchoProcess): Check {
  return {
    protocol: 'pages',
    name: 'the page of the process',
    run: async (client) => {
      const headers = { accept: 'text/html' };
      const page = await client.ask(`processes/${encodeURIComponent(identifier)}`, { headers });
      const type = page.headers.get('content-type') ?? '';
      if (!type.startsWith('text/html')) {
        throw new SmokeFault(`the page has type "${type}"; expected text/html`);
      }
    },
  };
}

/** Polls until a job has ended successfully. */
async function ended(
  seconds: number,
  status: () => Promise<string | undefined>,
  good: string,
  bad: readonly string[],
): Promise<void> {
  const until = performance.now() + seconds * 1000;
  for (let pause = 200; ; pause = Math.min(pause * 1.5, 5_000)) {
    const found = await status();
    if (found === good) return;
    if (found !== undefined && bad.includes(found)) throw new SmokeFault(`the job is ${found}`);
    if (performance.now() >= until) {
      throw new SmokeFault(`the job is ${found ?? 'without a status'} after ${seconds} s`);
    }
    await wait(pause);
  }
}
