import type { JsonValue } from '../../../batch-jobs/api/job.ts';
import { Page, type PageContext } from './layout.tsx';
import { words } from './words.ts';

export type DocumentName = 'conformance' | 'inputs' | 'log';

type JsonObject = Readonly<Record<string, JsonValue>>;

interface DocumentPageProps {
  readonly context: PageContext;
  readonly name: DocumentName;
  /** The document that programs receive; the page shows all of it. */
  readonly document: JsonObject;
  /** Id of the job that the document is about. */
  readonly jobId?: string;
}

/** A JSON document of the API, formatted for people. */
export function DocumentPage({ context, name, document, jobId }: DocumentPageProps) {
  const { title, intro } = words.documents[name];
  const { links, ...content } = document;
  return (
    <Page
      context={context}
      title={title}
      crumbs={[
        { title: words.home, href: '' },
        ...(jobId === undefined ? [] : [{ title: words.documents.job, href: `jobs/${jobId}` }]),
      ]}
    >
      <h1>{title}</h1>
      <p class="lead">{intro}</p>
      <section class="panel document">
        <Value value={content} />
      </section>
      <p>
        <a href="?f=json">{words.documents.asJson}</a>
      </p>
      {isList(links) ? (
        <section aria-labelledby="links">
          <h2 id="links">{words.documents.links}</h2>
          <Value value={links} />
        </section>
      ) : undefined}
    </Page>
  );
}

function Value({ value }: { value: JsonValue }) {
  if (isList(value)) return <List values={value} />;
  if (isObject(value)) {
    return (
      <dl class="facts">
        {Object.entries(value).map(([name, each]) => (
          <>
            <dt>{name}</dt>
            <dd>
              <Value value={each} />
            </dd>
          </>
        ))}
      </dl>
    );
  }
  const text = String(value ?? words.documents.nothing);
  return /^https?:\/\/\S+$/.test(text) ? <a href={text}>{text}</a> : <span>{text}</span>;
}

/** Shows a list of objects as rows; a member that some of them lack is an empty cell. */
function List({ values }: { values: readonly JsonValue[] }) {
  const rows = values.filter(isObject);
  if (values.length === 0) return <span>{words.documents.nothing}</span>;
  if (rows.length < values.length || !rows.every(isFlat)) {
    return (
      <ul>
        {values.map((each) => (
          <li>
            <Value value={each} />
          </li>
        ))}
      </ul>
    );
  }
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return (
    <table class="records">
      <thead>
        <tr>
          {columns.map((column) => (
            <th scope="col">{column}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr>
            {columns.map((column) => (
              <td data-column={column}>
                {row[column] === undefined ? '' : <Value value={row[column]} />}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value);
}

function isFlat(row: JsonObject): boolean {
  return Object.values(row).every((value) => typeof value !== 'object');
}
