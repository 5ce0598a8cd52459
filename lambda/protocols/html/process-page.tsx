import type { Coverage, Suggestion } from '../../../batch-jobs/api/process-advice.ts';
import type { ProcessDescription } from '../../../batch-jobs/api/process-description.ts';
import { CoveragePanel, EstimatePanel, type RequestSize } from './estimate-panel.tsx';
import { BoundingBoxField, ExtentField } from './form/box-fields.tsx';
import { ComplexField } from './form/complex-field.tsx';
import { controlId } from './form/field.tsx';
import type { FormFaults } from './form/form-fault.ts';
import { control, type FormRequest, type FormValues, formatKey } from './form/form-request.ts';
import { LiteralField } from './form/literal-field.tsx';
import { SeveralField } from './form/several-field.tsx';
import { Page, type PageContext } from './layout.tsx';
import { type ProgramProtocol, RequestPanel } from './requests/request-panel.tsx';
import { words } from './words.ts';

export interface ProcessPageProps {
  readonly context: PageContext;
  readonly process: ProcessDescription;
  readonly values: FormValues;
  readonly request: FormRequest;
  readonly faults: FormFaults;
  /** The faults are answers to a form that was sent; a summary leads to them. */
  readonly sent: boolean;
  /** Why the request cannot be sent yet. */
  readonly reason?: string;
  /** By input. */
  readonly suggestions: ReadonlyMap<string, readonly Suggestion[]>;
  readonly coverage?: Coverage;
  readonly size?: RequestSize;
  readonly protocols: readonly ProgramProtocol[];
  readonly takesReferences: boolean;
}

/** A process as a person reads it, and a form made from it. */
export function ProcessPage(props: ProcessPageProps) {
  const { context, process, values, faults, sent, reason } = props;
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
      <h1>{process.title}</h1>
      {process.abstract ? <p class="lead">{process.abstract}</p> : undefined}
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
          {process.inputs.filter(isShown).map((input) => (
            <InputField {...props} input={input} />
          ))}
          <OutputChoices process={process} values={values} faults={faults} />
          <div class="send">
            <button type="submit" name="action" value="run" class="first">
              {text.run}
            </button>
            <button type="submit" name="action" value="check" class="second" data-without-script>
              {text.estimate}
            </button>
            <p class="hint" id="reason" data-live data-reason={reason ?? ''} role="status">
              {reason ?? text.runHint}
            </p>
          </div>
        </form>
        <div class="beside">
          {process.advice ? <EstimatePanel size={props.size} /> : undefined}
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

/** Inputs that only programs give. */
function isShown(input: ProcessDescription['inputs'][number]): boolean {
  return !(input.kind === 'literal' && input.editor === 'none');
}

type InputFieldProps = ProcessPageProps & { readonly input: ProcessDescription['inputs'][number] };

function InputField({ input, values, faults, suggestions, takesReferences }: InputFieldProps) {
  const found = faults.at.get(input.identifier) ?? [];
  switch (input.kind) {
    case 'literal':
      if (input.editor === 'several') {
        return (
          <SeveralField
            input={input}
            values={values}
            faults={found}
            suggestions={suggestions.get(input.identifier) ?? []}
          />
        );
      }
      return input.editor === 'extent' ? (
        <ExtentField input={input} values={values} faults={found} />
      ) : (
        <LiteralField
          input={input}
          values={values}
          faults={found}
          suggestions={suggestions.get(input.identifier)}
        />
      );
    case 'complex':
      return (
        <ComplexField
          input={input}
          values={values}
          faults={found}
          takesReferences={takesReferences}
        />
      );
    case 'bounding-box':
      return <BoundingBoxField input={input} values={values} faults={found} />;
  }
}

function OutputChoices({
  process,
  values,
  faults,
}: Pick<ProcessPageProps, 'process' | 'values' | 'faults'>) {
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
          return (
            <div class="output">
              <label class="tick">
                <input
                  type="checkbox"
                  id={id}
                  name={control.output}
                  value={identifier}
                  checked={wanted.includes(identifier)}
                  aria-describedby={`hint-${id} faults-${identifier}`}
                />
                {title}
              </label>
              <div class="hint" id={`hint-${id}`}>
                {abstract ?? ''}
              </div>
              <div class="faults" id={`faults-${identifier}`} data-live>
                {faults.at.get(identifier)?.map((fault) => (
                  <p>{fault}</p>
                ))}
              </div>
              {output.kind === 'complex' && output.formats.length > 1 ? (
                <label class="inline">
                  <span>{text.format}</span>
                  <select name={control.outputFormat(identifier)}>
                    {output.formats.map((format) => (
                      <option value={formatKey(format)} selected={formatKey(format) === chosen}>
                        {format.mimeType}
                      </option>
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

/** All that is wrong, with links to where. It takes the focus. */
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
