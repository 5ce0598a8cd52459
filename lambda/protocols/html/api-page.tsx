import {
  type ApiDocument,
  operationsOf,
  type PlacedOperation,
  parametersOf,
  responsesOf,
} from './api-document.ts';
import { Page, type PageContext } from './layout.tsx';
import { words } from './words.ts';

interface ApiPageProps {
  readonly context: PageContext;
  readonly document: ApiDocument;
}

/** The API for people: every operation with its parameters, bodies and responses, and every schema. */
export function ApiPage({ context, document }: ApiPageProps) {
  const text = words.apiPage;
  const { info, servers, tags, components } = document;
  return (
    <Page context={context} title={text.title} crumbs={[{ title: words.home, href: '' }]}>
      <h1>{text.title}</h1>
      {info.description ? <p class="lead">{info.description}</p> : undefined}
      <p>
        {text.base} <code>{servers[0]?.url}</code>
      </p>
      <p>
        <a href="?f=json">{text.asJson}</a>
      </p>
      {tags.map(({ name, description }) => (
        <section aria-labelledby={`tag-${name}`}>
          <h2 id={`tag-${name}`}>{description}</h2>
          {operationsOf(document, name).map((operation) => (
            <Operation context={context} document={document} operation={operation} />
          ))}
        </section>
      ))}
      <section aria-labelledby="schemas">
        <h2 id="schemas">{text.schemas}</h2>
        {Object.entries(components.schemas).map(([name, schema]) => (
          <details id={`schema-${name}`}>
            <summary>
              <code>{name}</code>
            </summary>
            <Schema schema={schema} />
          </details>
        ))}
      </section>
    </Page>
  );
}

interface OperationProps extends ApiPageProps {
  readonly operation: PlacedOperation;
}

function Operation({ context, document, operation }: OperationProps) {
  const text = words.apiPage;
  const { operationId, method, path, summary, requestBody } = operation;
  const parameters = parametersOf(document, operation);
  const mayBeOpened = method === 'GET' && !path.includes('{');
  return (
    <details class="panel" id={operationId}>
      <summary>
        <code>
          {method} {path}
        </code>{' '}
        {summary}
      </summary>
      {mayBeOpened ? (
        <p>
          <a href={`${context.base}${path.slice(1)}`}>{text.open}</a>
        </p>
      ) : undefined}
      {parameters.length > 0 ? (
        <table>
          <caption>{text.parameters}</caption>
          <thead>
            <tr>
              <th scope="col">{text.name}</th>
              <th scope="col">{text.place}</th>
              <th scope="col">{text.meaning}</th>
              <th scope="col">{text.type}</th>
            </tr>
          </thead>
          <tbody>
            {parameters.map((parameter) => (
              <tr>
                <th scope="row">
                  <code>{parameter.name}</code>
                </th>
                <td>{parameter.in}</td>
                <td>
                  {parameter.description} {parameter.required ? text.required : ''}
                </td>
                <td>
                  <code>{JSON.stringify(parameter.schema)}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : undefined}
      {Object.entries(requestBody?.content ?? {}).map(([mediaType, { schema }]) => (
        <>
          <h3>
            {text.body} <code>{mediaType}</code>
          </h3>
          <Schema schema={schema} />
        </>
      ))}
      <table>
        <caption>{text.responses}</caption>
        <thead>
          <tr>
            <th scope="col">{text.status}</th>
            <th scope="col">{text.meaning}</th>
            <th scope="col">{text.types}</th>
          </tr>
        </thead>
        <tbody>
          {responsesOf(document, operation).map(([status, { description, content = {} }]) => (
            <tr>
              <th scope="row">{status}</th>
              <td>{description}</td>
              <td>
                {Object.entries(content).map(([mediaType, { schema }]) => (
                  <div>
                    <code>{mediaType}</code> <SchemaLink schema={schema} />
                  </div>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

/** A schema as JSON, with links to the schemas that it refers to. */
function Schema({ schema }: { schema: object }) {
  const parts = JSON.stringify(schema, null, 2).split(/"#\/components\/schemas\/([\w-]+)"/);
  return (
    <pre tabindex={0}>
      <code>
        {parts.map((part, index) =>
          index % 2 === 0 ? part : <a href={`#schema-${part}`}>{`"${part}"`}</a>,
        )}
      </code>
    </pre>
  );
}

function SchemaLink({ schema }: { schema: object }) {
  const name = '$ref' in schema ? String(schema.$ref).replace(/^.*\//, '') : undefined;
  return name === undefined ? undefined : <a href={`#schema-${name}`}>{name}</a>;
}
