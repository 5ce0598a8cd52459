import type { ServiceResponse } from '../../http.ts';
import type { Handler } from '../../route.ts';
import type { ApiDocument } from './api-document.ts';
import { ApiPage } from './api-page.tsx';
import { type DocumentName, DocumentPage } from './document-page.tsx';
import { pageContext } from './page-context.ts';
import { page } from './respond.ts';

type Request = Parameters<Handler>;

/**
 * A document of another protocol as a page. It shows the response of that protocol's handler, so that both
 * agree.
 *
 * @param json answers in JSON
 */
export async function documentPage(
  name: DocumentName,
  json: Handler,
  ...request: Request
): Promise<ServiceResponse> {
  const [, { jobId }, dependencies] = request;
  const { status, headers, body } = await json(...request);
  const { sunset } = headers;
  return page(
    status,
    <DocumentPage
      context={pageContext(dependencies)}
      name={name}
      document={JSON.parse(String(body))}
      {...(jobId === undefined ? {} : { jobId })}
    />,
    sunset === undefined ? {} : { sunset },
  );
}

/** Like {@link documentPage}, for an OpenAPI document. */
export async function apiPage(json: Handler, ...request: Request): Promise<ServiceResponse> {
  const [, , dependencies] = request;
  const { status, body } = await json(...request);
  const document: ApiDocument = JSON.parse(String(body));
  return page(status, <ApiPage context={pageContext(dependencies)} document={document} />);
}
