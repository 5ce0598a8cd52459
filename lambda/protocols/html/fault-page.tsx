import type { Fault } from '../../service-fault.ts';
import { Page, type PageContext } from './layout.tsx';
import { words } from './words.ts';

/** A page for a request that cannot be served: the kind of fault, the service's message, and what to do. */
export function FaultPage({
  context,
  faults,
}: {
  context: PageContext;
  faults: readonly [Fault, ...Fault[]];
}) {
  const text = words.fault;
  const [{ kind }] = faults;
  const title = isTitled(kind) ? text[kind] : text.other;
  const advice = adviceOf(kind);
  return (
    <Page context={context} title={title} crumbs={[{ title: words.home, href: '' }]}>
      <h1>{title}</h1>
      {faults
        // The heading already says it.
        .filter((fault) => fault.text !== `${title}.`)
        .map((fault) => (
          <p class="lead">{fault.text}</p>
        ))}
      <h2>{text.what}</h2>
      <ul>
        {advice ? <li>{advice}</li> : undefined}
        {context.listsJobs && (kind === 'unknown-job' || kind === 'expired-job') ? (
          <li>
            <a href={`${context.base}jobs`}>{text.toJobs}</a>
          </li>
        ) : undefined}
        <li>
          <a href={`${context.base}processes`}>{text.toProcesses}</a>
        </li>
        <li>
          <a href={context.base}>{text.toHome}</a>
        </li>
      </ul>
    </Page>
  );
}

function isTitled(kind: Fault['kind']): kind is Fault['kind'] & keyof typeof words.fault {
  return Object.hasOwn(words.fault, kind);
}

function adviceOf(kind: Fault['kind']): string | undefined {
  switch (kind) {
    case 'unknown-job':
      return words.fault.unknownJob;
    case 'expired-job':
      return words.fault.expiredJob;
    case 'busy':
    case 'not-in-time':
    case 'internal':
      return words.fault.tryLater;
    default:
      return undefined;
  }
}
