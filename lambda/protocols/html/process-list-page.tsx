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
            <a href={processUrl(base, identifier)}>{title}</a>
          </Heading>
          {abstract ? <p>{abstract}</p> : undefined}
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

interface ProcessListProps {
  readonly context: PageContext;
  readonly processes: readonly ProcessDescription[];
}

export function ProcessListPage({ context, processes }: ProcessListProps) {
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
      <ProcessCards base={context.base} processes={processes} level={2} />
    </Page>
  );
}
