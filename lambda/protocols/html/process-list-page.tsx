import type { ProcessDescription } from '../../../batch-jobs/api/process-description.ts';
import { Page, type PageContext } from './layout.tsx';
import { words } from './words.ts';

interface CardsProps {
  readonly base: string;
  readonly processes: readonly ProcessDescription[];
  readonly level: 2 | 3;
}

/** Each process, with a link to its form. */
export function ProcessCards({ base, processes, level }: CardsProps) {
  const Heading = level === 2 ? 'h2' : 'h3';
  return (
    <ul class="cards">
      {processes.map(({ identifier, title, abstract, version }) => (
        <li class="card">
          <Heading>
            <a href={processUrl(base, identifier)} dir="auto">
              {title}
            </a>
          </Heading>
          {abstract ? <p dir="auto">{abstract}</p> : undefined}
          <p class="quiet">
            <code>{identifier}</code> · {words.processList.version} {version}
          </p>
        </li>
      ))}
    </ul>
  );
}

export function processUrl(base: string, identifier: string): string {
  return `${base}processes/${encodeURIComponent(identifier)}`;
}

/** Searches the processes by name and description. */
export function ProcessSearch({ base, sought }: { base: string; sought: string }) {
  const text = words.processList;
  return (
    <search>
      <form method="get" action={`${base}processes`} class="row filter">
        <label>
          <span>{text.search}</span>
          <input type="search" name="q" value={sought} dir="auto" />
        </label>
        <button type="submit">{text.find}</button>
      </form>
    </search>
  );
}

interface ProcessListProps {
  readonly context: PageContext;
  /** The processes on this page. */
  readonly processes: readonly ProcessDescription[];
  /** The number of matches among all offered processes. */
  readonly found: number;
  readonly offered: number;
  /** The search text; empty for all processes. */
  readonly sought: string;
  /** Query of the next page. */
  readonly next?: string;
}

export function ProcessListPage(props: ProcessListProps) {
  const { context, processes, found, offered, sought, next } = props;
  const text = words.processList;
  return (
    <Page
      context={context}
      title={text.title}
      current="processes"
      crumbs={[{ title: words.home, href: '' }]}
    >
      <h1>{text.title}</h1>
      <p class="lead">{text.intro}</p>
      {offered > processes.length || sought !== '' ? (
        <>
          <ProcessSearch base={context.base} sought={sought} />
          <p>{found === 0 ? text.notFound : text.found(processes.length, found)}</p>
        </>
      ) : undefined}
      <ProcessCards base={context.base} processes={processes} level={2} />
      {next === undefined && sought === '' ? undefined : (
        <ul class="links">
          {next === undefined ? undefined : (
            <li>
              <a href={`${context.base}processes?${next}`}>{text.more}</a>
            </li>
          )}
          {sought === '' ? undefined : (
            <li>
              <a href={`${context.base}processes`}>{text.all(offered)}</a>
            </li>
          )}
        </ul>
      )}
    </Page>
  );
}
