import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LayerFile } from '../contracts/file-index.ts';

export interface WfsServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Path and query of each request so far. */
  readonly requests: string[];
  readonly stop: () => Promise<void>;
}

/** Corners of the bounding box of every feature type, each as longitude and latitude. */
export const [lowerCorner, upperCorner] = ['142.5 -45.5', '151.5 -38.5'];

/** Answers a request in place of the server. Returns false to leave the request to the server. */
export type Intercept = (from: IncomingMessage, to: ServerResponse) => boolean;

/**
 * A real HTTP server with the part of WFS that a file index uses of GeoServer: CSV, filters by time, one
 * sorted page, capabilities, and the report for a missing feature type.
 */
export async function startWfs(
  layers: Readonly<Record<string, readonly LayerFile[]>>,
  intercept: Intercept = () => false,
): Promise<WfsServer> {
  const requests: string[] = [];
  const server = createServer((from, to) => {
    requests.push(from.url ?? '');
    if (intercept(from, to)) return;
    const { pathname, searchParams } = new URL(from.url ?? '', 'http://localhost');
    if (pathname.startsWith('/files/')) serveFile(pathname.slice('/files/'.length), layers, to);
    else answer(searchParams, layers, to);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function serveFile(
  path: string,
  layers: Readonly<Record<string, readonly LayerFile[]>>,
  to: ServerResponse,
): void {
  const [layer = '', name] = path.split('/').map(decodeURIComponent);
  const file = layers[layer]?.find((each) => each.name === name);
  to.writeHead(file ? 200 : 404).end(file?.content);
}

function answer(
  query: URLSearchParams,
  layers: Readonly<Record<string, readonly LayerFile[]>>,
  to: ServerResponse,
): void {
  if (query.get('request') === 'GetCapabilities') {
    const types = Object.keys(layers).map(
      (name) =>
        `<FeatureType xmlns:a="urn:a"><Name>${name}</Name><Title>Title of ${name}</Title><Abstract/><ows:WGS84BoundingBox xmlns:ows="http://www.opengis.net/ows"><ows:LowerCorner>${lowerCorner}</ows:LowerCorner><ows:UpperCorner>${upperCorner}</ows:UpperCorner></ows:WGS84BoundingBox></FeatureType>`,
    );
    to.writeHead(200, { 'content-type': 'application/xml' });
    to.end(
      `<wfs:WFS_Capabilities><FeatureTypeList>${types.join('')}</FeatureTypeList></wfs:WFS_Capabilities>`,
    );
    return;
  }
  const layer = query.get('typeName') ?? '';
  const files = layers[layer];
  if (!files) {
    to.writeHead(400, { 'content-type': 'application/xml' });
    to.end(
      `<?xml version="1.0" encoding="UTF-8"?><ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows" version="1.0.0"><ows:Exception exceptionCode="InvalidParameterValue" locator="typeName"><ows:ExceptionText>Feature type ${layer} unknown</ows:ExceptionText></ows:Exception></ows:ExceptionReport>`,
    );
    return;
  }
  const fitting = files.filter(filterOf(query.get('CQL_FILTER')));
  if (query.get('resultType') === 'hits') {
    to.writeHead(200, { 'content-type': 'text/xml; subtype=gml/3.1.1' });
    to.end(`<wfs:FeatureCollection numberOfFeatures="${fitting.length}"/>`);
    return;
  }
  const found = page(fitting, query);
  to.writeHead(200, { 'content-type': 'text/csv' });
  to.end(
    ['FID,file_url,size,time', ...found.map((file, id) => row(layer, file, id)), ''].join('\r\n'),
  );
}

function row(layer: string, { name, time, content }: LayerFile, id: number): string {
  return `${layer}.${id},"${encodeURIComponent(layer)}/${name}",${content.length},${time}`;
}

function page(files: LayerFile[], query: URLSearchParams): LayerFile[] {
  const falling = query.get('sortBy') === 'time D';
  const sorted = files.toSorted((a, b) => (a.time < b.time ? -1 : 1) * (falling ? -1 : 1));
  return sorted.slice(0, Number(query.get('maxFeatures') ?? Number.POSITIVE_INFINITY));
}

/** `time >= '2020-01-01T00:00:00.000Z' AND time <= '...'` */
function filterOf(cql: string | null): (file: LayerFile) => boolean {
  const conditions = (cql ?? '').split(' AND ').filter(Boolean);
  return ({ time }) =>
    conditions.every((condition) => {
      const [, operator, text = ''] = /^time (<|<=|>=) '([^']+)'$/.exec(condition) ?? [];
      const difference = Date.parse(time) - Date.parse(text);
      if (operator === '<') return difference < 0;
      return operator === '<=' ? difference <= 0 : difference >= 0;
    });
}
