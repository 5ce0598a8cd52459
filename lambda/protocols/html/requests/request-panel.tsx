import type { DescribedForm, FormRequest } from '../form/form-request.ts';
import { words } from '../words.ts';
import { asJson } from './as-json.ts';
import { asKvp } from './as-kvp.ts';
import { asOwslib } from './as-python.ts';
import { asWps1, asWps2 } from './as-xml.ts';
import { shellWord } from './quote.ts';

/** Protocols that the service answers besides pages. */
export type ProgramProtocol = 'ogc-api' | 'wps-1.0' | 'wps-2.0';

interface Sample {
  readonly title: string;
  readonly text: string;
}

/** The request in each protocol, complete enough to paste. */
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
  const kvp = asKvp(request);
  const execution = `${publicUrl}processes/${encodeURIComponent(request.process)}/execution`;
  const samples: [ProgramProtocol, string, string | undefined][] = [
    [
      'ogc-api',
      'curl, OGC API - Processes',
      post(execution, ['Content-Type: application/json', 'Prefer: respond-async'], json),
    ],
    ['ogc-api', 'JSON, OGC API - Processes', json],
    ['wps-1.0', 'Python, OWSLib', asOwslib(request, wps)],
    ['wps-1.0', 'curl, WPS 1.0.0', post(wps, ['Content-Type: text/xml'], asWps1(request))],
    ['wps-1.0', 'Address, WPS 1.0.0 by GET', kvp === undefined ? undefined : `${wps}?${kvp}`],
    ['wps-2.0', 'curl, WPS 2.0', post(wps, ['Content-Type: text/xml'], asWps2(request))],
  ];
  return samples.flatMap(([protocol, title, text]) =>
    text !== undefined && protocols.includes(protocol) ? [{ title, text }] : [],
  );
}

interface RequestPanelProps {
  readonly process: DescribedForm;
  readonly request: FormRequest;
  readonly publicUrl: string;
  readonly protocols: readonly ProgramProtocol[];
}

/** The same request for programs, beside the form. */
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
      {samplesOf(process, request, publicUrl, protocols).map(({ title, text: sample }, index) => (
        <details {...(index === 0 ? { open: true } : {})}>
          <summary>{title}</summary>
          <div class="sample">
            <button
              type="button"
              class="second copy"
              data-copy={`sample-${index}`}
              data-copied={text.copied}
              hidden
            >
              {text.copy}
              <span class="unseen">: {title}</span>
            </button>
            <section class="scroll" tabindex={0} aria-label={title}>
              <pre id={`sample-${index}`} data-live>
                {sample}
              </pre>
            </section>
          </div>
        </details>
      ))}
    </section>
  );
}
