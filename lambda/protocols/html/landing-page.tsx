import type { Job } from '../../../batch-jobs/api/job.ts';
import type { ProcessDescription } from '../../../batch-jobs/api/process-description.ts';
import { CopyButton } from './copy-button.tsx';
import { JobTable } from './job-table.tsx';
import { Page, type PageContext } from './layout.tsx';
import { ProcessCards, ProcessSearch } from './process-list-page.tsx';
import { words } from './words.ts';

/** An address for programs, and an example request. */
export interface Endpoint {
  readonly protocol: string;
  readonly url: string;
  readonly example: string;
}

interface LandingProps {
  readonly context: PageContext;
  readonly processes: readonly ProcessDescription[];
  readonly endpoints: readonly Endpoint[];
  /** The newest jobs, if the reader may list jobs. */
  readonly jobs?: readonly Job[];
  readonly now: Date;
}

/** The most processes listed; users find the others by searching. */
const mostProcesses = 12;

export function LandingPage({ context, processes, endpoints, jobs, now }: LandingProps) {
  const { identification, base } = context;
  const text = words.landing;
  return (
    <Page context={context} title={identification.title} script="landing-page.js">
      <h1 dir="auto">{identification.title}</h1>
      {identification.abstract ? (
        <p class="lead" dir="auto">
          {identification.abstract}
        </p>
      ) : undefined}
      <section aria-labelledby="processes">
        <h2 id="processes">{text.start}</h2>
        <p>{text.startText}</p>
        {processes.length > mostProcesses ? <ProcessSearch base={base} sought="" /> : undefined}
        <ProcessCards base={base} processes={processes.slice(0, mostProcesses)} level={3} />
        {processes.length > mostProcesses ? (
          <p>
            <a href={`${base}processes`}>{words.processList.all(processes.length)}</a>
          </p>
        ) : undefined}
      </section>
      {jobs ? (
        <section aria-labelledby="jobs">
          <h2 id="jobs">{text.recent}</h2>
          {jobs.length > 0 ? (
            <>
              <JobTable base={base} jobs={jobs} now={now} caption={text.recent} />
              <p>
                <a href={`${base}jobs`}>{text.allJobs}</a>
              </p>
            </>
          ) : (
            <p>{text.noJobs}</p>
          )}
        </section>
      ) : undefined}
      <section aria-labelledby="endpoints">
        <h2 id="endpoints">{text.endpoints}</h2>
        <p>{text.endpointsText}</p>
        <dl class="endpoints">
          {endpoints.map(({ protocol, url, example }, index) => (
            <div>
              <dt>{protocol}</dt>
              <dd>
                <code class="block" id={`endpoint-${index}`}>
                  {url}
                </code>{' '}
                <a href={example}>
                  {text.example}
                  <span class="unseen">: {protocol}</span>
                </a>
                <CopyButton of={`endpoint-${index}`} title={protocol} />
              </dd>
            </div>
          ))}
        </dl>
        <p>
          <a href={`${base}api`}>{text.apiPage}</a>
        </p>
      </section>
      <About context={context} />
    </Page>
  );
}

function About({ context: { identification, provider } }: { context: PageContext }) {
  const text = words.landing;
  const { contact } = provider;
  const said = (value: string, none: string) => (value.toUpperCase() === 'NONE' ? none : value);
  const address = [
    contact.individualName,
    contact.positionName,
    contact.deliveryPoint,
    [contact.postalCode, contact.city].filter(Boolean).join(' '),
    contact.administrativeArea,
    contact.country,
    contact.voice,
  ].filter((line) => line);
  const mail = contact.electronicMailAddress;
  return (
    <section aria-labelledby="about">
      <h2 id="about">{text.about}</h2>
      <dl class="facts">
        <dt>{words.provider}</dt>
        <dd>{provider.site ? <a href={provider.site}>{provider.name}</a> : provider.name}</dd>
        {address.length > 0 || mail ? (
          <>
            <dt>{text.contact}</dt>
            <dd>
              {address.map((line) => (
                <div>{line}</div>
              ))}
              {mail ? <a href={`mailto:${mail}`}>{mail}</a> : undefined}
            </dd>
          </>
        ) : undefined}
        {identification.documentation ? (
          <>
            <dt>{text.documentation}</dt>
            <dd>
              <a href={identification.documentation}>{identification.documentation}</a>
            </dd>
          </>
        ) : undefined}
        <dt>{text.fees}</dt>
        <dd>{said(identification.fees, text.none)}</dd>
        <dt>{text.constraints}</dt>
        <dd>{said(identification.accessConstraints, text.noLimits)}</dd>
        {identification.keywords.length > 0 ? (
          <>
            <dt>{text.keywords}</dt>
            <dd>{identification.keywords.join(', ')}</dd>
          </>
        ) : undefined}
      </dl>
    </section>
  );
}
