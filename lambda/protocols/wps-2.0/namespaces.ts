/** Namespaces of WPS 2.0 documents (OGC 14-065r2, clause 4; OGC 06-121r9 for OWS Common 2.0). */
export const namespaces = {
  wps: 'http://www.opengis.net/wps/2.0',
  ows: 'http://www.opengis.net/ows/2.0',
  xlink: 'http://www.w3.org/1999/xlink',
  xml: 'http://www.w3.org/XML/1998/namespace',
  xsi: 'http://www.w3.org/2001/XMLSchema-instance',
} as const;

/** The version in requests and responses. */
export const version = '2.0.0';
