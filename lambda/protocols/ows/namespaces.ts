/** Namespaces of WPS 1.0.0 documents (OGC 05-007r7, clause 7.2; OGC 06-121r3). */
export const namespaces = {
  wps: 'http://www.opengis.net/wps/1.0.0',
  ows: 'http://www.opengis.net/ows/1.1',
  xlink: 'http://www.w3.org/1999/xlink',
  xml: 'http://www.w3.org/XML/1998/namespace',
  xsi: 'http://www.w3.org/2001/XMLSchema-instance',
} as const;

/** Namespaces of one version of WPS. */
export type Namespaces = Readonly<Record<keyof typeof namespaces, string>>;

/** The URI by which WPS documents name a data type of XML Schema. */
export function dataTypeUri(dataType: string): string {
  return `http://www.w3.org/TR/xmlschema-2/#${dataType}`;
}
