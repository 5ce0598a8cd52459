import type { Coverage, Suggestion } from '../../../batch-jobs/api/process-advice.ts';
import type { Format, ProcessDescription } from '../../../batch-jobs/api/process-description.ts';
import type { PossibleValues } from '../../operations/constrain.ts';
import { readableBytes } from '../../readable.ts';
import { CoveragePanel, EstimatePanel, type RequestSize } from './estimate-panel.tsx';
import { BoundingBoxField, ExtentField } from './form/box-fields.tsx';
import { ComplexField } from './form/complex-field.tsx';
import { choice, controlId } from './form/field.tsx';
import type { FormFaults } from './form/form-fault.ts';
import { control, type FormRequest, type FormValues, formatKey } from './form/form-request.ts';
import { LiteralField } from './form/literal-field.tsx';
import { isForMail } from './form/private-input.ts';
import { SeveralField } from './form/several-field.tsx';
import { StrideField } from './form/stride-field.tsx';
import { formatWords } from './format-words.ts';
import { Page, type PageContext } from './layout.tsx';
import type { ShownOverview } from './overview.ts';
import { type ProgramProtocol, RequestPanel } from './requests/request-panel.tsx';
import { words } from './words.ts';

export interface ProcessPageProps {
  readonly context: PageContext;
  readonly process: ProcessDescription;
  readonly values: FormValues;
  readonly request: FormRequest;
  readonly faults: FormFaults;
  /** Whether the faults belong to a form that was sent; if so, a summary links to them. */
  readonly sent: boolean;
  /** Why the request cannot be sent yet. */
  readonly reason?: string;
  /** Suggestions by input. */
  readonly suggestions: ReadonlyMap<string, readonly Suggestion[]>;
  readonly constraints: PossibleValues;
  readonly coverage?: Coverage;
  readonly overview?: ShownOverview;
  readonly size?: RequestSize;
  readonly protocols: readonly ProgramProtocol[];
  readonly takesReferences: boolean;
  /** Whether the service informs people by e-mail about the progress of their jobs. */
  readonly sendsMail: boolean;
}

/** A process described for people, and a form generated from it. */
export function ProcessPage(props: ProcessPageProps) {
  const { context, process, faults, sent, reason } = props;
  const { base } = context;
  const text = words.process;
  const path = `${base}processes/${encodeURIComponent(process.identifier)}`;
  const takesFiles = process.inputs.some(({ kind }) => kind === 'complex');
  return (
    <Page
      context={context}
      title={process.title}
      current="processes"
      crumbs={[
        { title: words.home, href: '' },
        { title: words.processes, href: 'processes' },
      ]}
      script="process-page.js"
    >
      <h1 dir="auto">{process.title}</h1>
      {process.abstract ? (
        <p class="lead" dir="auto">
          {process.abstract}
        </p>
      ) : undefined}
      <ul class="links">
        <li>
          <code>{process.identifier}</code> {text.version.toLowerCase()} {process.version}
        </li>
        <li>
          <a href={`${path}?f=json`}>{text.asJson}</a>
        </li>
        <li>
          <a
            href={`${base}wps?service=WPS&version=1.0.0&request=DescribeProcess&identifier=${encodeURIComponent(process.identifier)}`}
          >
            {text.asXml}
          </a>
        </li>
        {process.metadata?.map(({ title, href }) =>
          href ? (
            <li>
              <a href={href}>{title}</a>
            </li>
          ) : undefined,
        )}
      </ul>
      <div class="two">
        <form
          id="form"
          method="post"
          action={`${path}`}
          enctype={takesFiles ? 'multipart/form-data' : 'application/x-www-form-urlencoded'}
          novalidate
          aria-label={text.form}
        >
          {sent ? <FaultSummary process={process} faults={faults} /> : undefined}
          <h2>{text.inputs}</h2>
          {process.inputs
            .filter((input) => isShown(input, props.sendsMail))
            .map((input) => (
              <InputField {...props} input={input} />
            ))}
          <OutputChoices {...props} />
          <div class="send">
            <button type="submit" name="action" value="run" class="first">
              {text.run}
            </button>
            <button type="submit" name="action" value="check" class="second" data-without-script>
              {text.estimate}
            </button>
            <p
              class="hint"
              id="reason"
              data-live
              data-reason={reason ?? ''}
              data-sending={words.reason.sending}
              role="status"
            >
              {reason ?? [sizeSentence(props.size), text.runHint].filter(Boolean).join(' ')}
            </p>
          </div>
        </form>
        <div class="beside">
          <EstimatePanel size={props.size} />
          <CoveragePanel coverage={props.coverage} />
          <RequestPanel
            process={process}
            request={props.request}
            publicUrl={context.publicUrl}
            protocols={props.protocols}
          />
        </div>
      </div>
    </Page>
  );
}

/**
 * The size of a request in one sentence, shown next to the button because narrow windows show the panel far
 * below it.
 */
function sizeSentence({ estimate }: RequestSize = {}): string | undefined {
  const { files, outputBytes } = estimate ?? {};
  if (files === undefined || outputBytes === undefined) return undefined;
  return words.process.size(readableBytes(outputBytes), words.coverage.fileCount(files, ''));
}

/** Hides inputs that only programs give and, if no mail is sent, those that name its recipients. */
function isShown(input: ProcessDescription['inputs'][number], sendsMail: boolean): boolean {
  if (input.kind !== 'literal') return true;
  return input.editor !== 'none' && (sendsMail || !isForMail(input));
}

type InputFieldProps = ProcessPageProps & { readonly input: ProcessDescription['inputs'][number] };

function InputField(props: InputFieldProps) {
  const { input, values, faults, suggestions, takesReferences, coverage } = props;
  const found = faults.at.get(input.identifier) ?? [];
  const constraint = props.constraints.inputs[input.identifier];
  switch (input.kind) {
    case 'literal':
      if (input.editor === 'several') {
        return (
          <SeveralField
            input={input}
            values={values}
            faults={found}
            constraint={constraint}
            suggestions={suggestions.get(input.identifier) ?? []}
          />
        );
      }
      if (input.editor === 'stride') {
        return (
          <StrideField
            input={input}
            values={values}
            faults={found}
            constraint={constraint}
            coverage={coverage}
            isFlat={isFlat(props)}
          />
        );
      }
      return input.editor === 'extent' ? (
        <ExtentField
          input={input}
          values={values}
          faults={found}
          constraint={constraint}
          coverage={coverage}
          overview={props.overview}
        />
      ) : (
        <LiteralField
          input={input}
          values={values}
          faults={found}
          constraint={constraint}
          suggestions={suggestions.get(input.identifier)}
        />
      );
    case 'complex':
      return (
        <ComplexField
          input={input}
          values={values}
          faults={found}
          constraint={constraint}
          takesReferences={takesReferences}
        />
      );
    case 'bounding-box':
      return (
        <BoundingBoxField input={input} values={values} faults={found} constraint={constraint} />
      );
  }
}

/** Whether the selected data has no depths, as the process reports. */
function isFlat({ constraints }: ProcessPageProps): boolean {
  return Object.values(constraints.inputs).some(({ extent }) => extent?.depth === null);
}

function OutputChoices({ process, values, faults, constraints }: ProcessPageProps) {
  const text = words.process;
  const wanted = values.getAll(control.output);
  return (
    <>
      <h2>{text.outputs}</h2>
      <fieldset class="field outputs">
        <legend>{text.outputsText}</legend>
        {process.outputs.map((output) => {
          const { identifier, title, abstract } = output;
          const id = `output-${identifier}`;
          const chosen = values.get(control.outputFormat(identifier));
          const constraint = constraints.outputs[identifier];
          const isWanted = wanted.includes(identifier);
          // An output without a possible format cannot be requested.
          const possible = constraint?.formats?.length === 0 ? [] : undefined;
          return (
            <div class="output">
              <label class="tick">
                <input
                  type="checkbox"
                  id={id}
                  name={control.output}
                  {...choice(identifier, isWanted, possible)}
                  checked={isWanted}
                  aria-describedby={`hint-${id} limit-${id} faults-${identifier}`}
                />
                {title}
              </label>
              <div class="hint" id={`hint-${id}`} dir="auto">
                {abstract ?? ''}
              </div>
              <div class="hint" id={`limit-${id}`} data-live>
                {constraint?.text ?? ''}
              </div>
              <div class="faults" id={`faults-${identifier}`} data-live>
                {faults.at.get(identifier)?.map((fault) => (
                  <p>{fault}</p>
                ))}
              </div>
              {output.kind === 'complex' && output.formats.length > 1 ? (
                <label class="inline">
                  <span>
                    {text.format}
                    <span class="unseen">: {title}</span>
                  </span>
                  <select name={control.outputFormat(identifier)}>
                    {output.formats.map((format) => (
                      <FormatOption
                        format={format}
                        chosen={chosen}
                        possible={constraint?.formats}
                      />
                    ))}
                  </select>
                </label>
              ) : undefined}
            </div>
          );
        })}
      </fieldset>
    </>
  );
}

interface FormatOptionProps {
  readonly format: Format;
  readonly chosen: string | null;
  /** Possible MIME types. */
  readonly possible: readonly string[] | undefined;
}

function FormatOption({ format, chosen, possible }: FormatOptionProps) {
  const key = formatKey(format);
  const isImpossible = possible !== undefined && !possible.includes(format.mimeType);
  return (
    <option
      {...choice(key, key === chosen, isImpossible ? [] : undefined)}
      selected={key === chosen}
    >
      {formatWords(format.mimeType)}
    </option>
  );
}

/** All faults, with links to their places. Receives the focus. */
function FaultSummary({ process, faults }: Pick<ProcessPageProps, 'process' | 'faults'>) {
  const titles = new Map(
    [...process.inputs, ...process.outputs].map(({ identifier, title }) => [identifier, title]),
  );
  const isOutput = (identifier: string) =>
    process.outputs.some((output) => output.identifier === identifier);
  const count = faults.elsewhere.length + [...faults.at.values()].flat().length;
  if (count === 0) return undefined;
  return (
    <div class="summary" role="alert" tabindex={-1} data-summary>
      <h2>{words.process.faults(count)}</h2>
      <ul>
        {faults.elsewhere.map((fault) => (
          <li>{fault}</li>
        ))}
        {[...faults.at].flatMap(([identifier, found]) =>
          found.map((fault) => (
            <li>
              <a href={`#${isOutput(identifier) ? `output-${identifier}` : controlId(identifier)}`}>
                {titles.get(identifier)}
              </a>
              : {fault}
            </li>
          )),
        )}
      </ul>
    </div>
  );
}
