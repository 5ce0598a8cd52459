/**
 * A coordinate reference system as an HTTP URI: converts OGC's URNs (`urn:ogc:def:crs:EPSG::4326`) and short
 * names (`EPSG:4326`) to the URI that OGC resolves. Any other name is returned unchanged.
 *
 * Source: OGC 07-092r3, clauses 5 and 6; OGC 09-048r5, clause 7.
 */
export function crsUri(crs: string): string {
  return (
    crs
      .replace(
        /^urn:(?:x-)?ogc:def:crs:([^:]+):([^:]*):([^:]+)$/i,
        (_, authority: string, version: string, code: string) =>
          uri(authority, version || '0', code),
      )
      .replace(/^EPSG:(\w+)$/i, (_, code: string) => uri('EPSG', '0', code))
      // WMS calls OGC's own systems `CRS:84`.
      .replace(/^(?:OGC|CRS):(?:CRS)?(\w+)$/i, (_, code: string) => uri('OGC', '1.3', `CRS${code}`))
  );
}

/** Whether two names mean the same system; the version of the EPSG register does not matter. */
export function isSameCrs(one: string, other: string): boolean {
  return withoutEpsgVersion(crsUri(one)) === withoutEpsgVersion(crsUri(other));
}

function uri(authority: string, version: string, code: string): string {
  return `http://www.opengis.net/def/crs/${authority}/${version}/${code}`;
}

function withoutEpsgVersion(crs: string): string {
  return crs
    .replace(/^https:/i, 'http:')
    .toLowerCase()
    .replace(/(\/def\/crs\/epsg\/)[^/]+\//, '$10/');
}
