import { CopyButton } from '../copy-button.tsx';
import type { DescribedForm, FormRequest } from '../form/form-request.ts';
import { isForMail } from '../form/private-input.ts';
import { words } from '../words.ts';
import { asJson } from './as-json.ts';
import { asKvp } from './as-kvp.ts';
import { asOwslib } from './as-python.ts';
import { asWps1, asWps2 } from './as-xml.ts';
import { shellWord } from './quote.ts';

/** Protocols that the service answers besides pages. */
export type ProgramProtocol = 'ogc-api' | 'wps-1.0' | 'wps-2.0';

interface Sample {
  /** Identifies the sample, whatever other samples there are. */
  readonly key: string;
  readonly title: string;
  readonly text: string;
}

/** The request in each protocol, ready to paste. */
function samplesOf(
  process: DescribedForm,
  request: FormRequest,
  publicUrl: string,
  protocols: readonly ProgramProtocol[],
): Sample[] {
  const dataTypes = new Map(
    process.inputs.flatMap((input) =>
      input.kind === 'literal' ? [[input.identifier, input.dataType] as const] : [],
    ),
  );
  const json = asJson(request, dataTypes);
  const wps = `${publicUrl}wps`;
  const post = (url: string, headers: readonly string[], body: string) =>
    [
      `curl ${shellWord(url)}`,
      ...headers.map((header) => `-H ${shellWord(header)}`),
      `--data-binary ${shellWord(body)}`,
    ].join(' \\\n  ');
  const execution = `${publicUrl}processes/${encodeURIComponent(request.process)}/execution`;
  const samples: [ProgramProtocol, key: string, title: string, text: string][] = [
    [
      'ogc-api',
      'ogc-curl',
      'curl, OGC API - Processes',
      post(execution, ['Content-Type: application/json', 'Prefer: respond-async'], json),
    ],
    ['ogc-api', 'ogc-json', 'JSON, OGC API - Processes', json],
    ['wps-1.0', 'owslib', 'Python, OWSLib', asOwslib(request, wps)],
    ['wps-1.0', 'wps1', 'curl, WPS 1.0.0', post(wps, ['Content-Type: text/xml'], asWps1(request))],
    ['wps-1.0', 'wps1-get', 'curl, WPS 1.0.0 by GET', byGet(process, request, wps)],
    ['wps-2.0', 'wps2', 'curl, WPS 2.0', post(wps, ['Content-Type: text/xml'], asWps2(request))],
  ];
  return samples.flatMap(([protocol, key, title, text]) =>
    protocols.includes(protocol) ? [{ key, title, text }] : [],
  );
}

/** The request by GET, or the reason why there is none: a URL stays in logs and histories. */
function byGet({ inputs }: DescribedForm, request: FormRequest, wps: string): string {
  const isPrivate = request.inputs.some(({ identifier }) =>
    inputs.some((input) => input.identifier === identifier && isForMail(input)),
  );
  if (isPrivate) return words.request.addressByGet;
  const kvp = asKvp(request);
  return kvp === undefined ? words.request.fileByGet : `curl ${shellWord(`${wps}?${kvp}`)}`;
}

interface RequestPanelProps {
  readonly process: DescribedForm;
  readonly request: FormRequest;
  readonly publicUrl: string;
  readonly protocols: readonly ProgramProtocol[];
}

/** The same request for programs, next to the form. */
export function RequestPanel({ process, request, publicUrl, protocols }: RequestPanelProps) {
  const text = words.request;
  return (
    <section class="panel" aria-labelledby="requests-title">
      <h2 id="requests-title">{text.title}</h2>
      <p class="hint">
        {text.intro}{' '}
        <span data-with-script hidden>
          {text.changes}
        </span>
      </p>
      {samplesOf(process, request, publicUrl, protocols).map(
        ({ key, title, text: sample }, index) => (
          <details {...(index === 0 ? { open: true } : {})}>
            <summary>{title}</summary>
            <div class="sample">
              <CopyButton of={`sample-${key}`} title={title} />
              <section class="scroll" tabindex={0} aria-label={title}>
                <pre id={`sample-${key}`} data-live>
                  {sample}
                </pre>
              </section>
            </div>
          </details>
        ),
      )}
    </section>
  );
}
