import type { ProcessDescription } from '../batch-jobs/api/process-description.ts';

const job: ProcessDescription['job'] = {
  // Relative to `batch-jobs/`, where the runner looks.
  image: '../test/processes',
  command: ['sh', '{process}/give.sh'],
  queue: 'small',
  vcpus: 1,
  memoryMiB: 128,
  scratchGiB: 1,
  timeoutSeconds: 60,
  attempts: 1,
};

const optional = { minOccurs: 0, maxOccurs: 1 } as const;

/** A process with every kind of input and output, and with every property that they can have. */
export const everything: ProcessDescription = {
  identifier: 'every:Thing',
  version: '1.2.3',
  title: 'Every <thing> & "more"',
  abstract: 'Has every kind of input and output.',
  metadata: [{ title: 'About', href: 'https://example.org/?a=b&c=d' }, { title: 'No link' }],
  inputs: [
    {
      kind: 'literal',
      identifier: 'text',
      title: 'Text',
      abstract: 'Any text, twice at most.',
      minOccurs: 0,
      maxOccurs: 2,
      dataType: 'string',
    },
    {
      ...optional,
      kind: 'literal',
      identifier: 'length',
      title: 'Length',
      dataType: 'double',
      uoms: ['m', 'ft'],
      default: '10',
      allowedValues: ['-1', { minimum: '0', maximum: '100' }],
    },
    {
      ...optional,
      kind: 'literal',
      identifier: 'count',
      title: 'Count',
      dataType: 'integer',
      allowedValues: ['1', '2', { minimum: '10' }, { maximum: '-10' }],
    },
    { ...optional, kind: 'literal', identifier: 'flag', title: 'Flag', dataType: 'boolean' },
    {
      ...optional,
      kind: 'literal',
      identifier: 'day',
      title: 'Day',
      dataType: 'date',
      allowedValues: [{ minimum: '2017-01-01', maximum: '2017-12-31' }],
    },
    {
      ...optional,
      kind: 'literal',
      identifier: 'instant',
      title: 'Instant',
      dataType: 'dateTime',
      allowedValues: [{ minimum: '2017-01-01T00:00:00Z' }],
    },
    { ...optional, kind: 'literal', identifier: 'link', title: 'Link', dataType: 'anyURI' },
    {
      ...optional,
      kind: 'literal',
      identifier: 'choice',
      title: 'Choice',
      dataType: 'string',
      allowedValues: ['red', 'green'],
    },
    {
      ...optional,
      kind: 'bounding-box',
      identifier: 'area',
      title: 'Area',
      crss: ['urn:ogc:def:crs:OGC:1.3:CRS84', 'urn:ogc:def:crs:EPSG:6.6:4326'],
    },
    {
      kind: 'complex',
      identifier: 'document',
      title: 'Document',
      minOccurs: 0,
      maxOccurs: 2,
      maximumMegabytes: 1,
      formats: [
        { mimeType: 'text/plain', extension: '.txt' },
        { mimeType: 'text/xml', schema: 'https://example.org/document.xsd', extension: '.xml' },
        { mimeType: 'application/json', encoding: 'utf-8', extension: '.json' },
        { mimeType: 'application/x-netcdf', encoding: 'base64', extension: '.nc' },
      ],
    },
  ],
  outputs: [
    {
      kind: 'complex',
      identifier: 'text',
      title: 'Text',
      abstract: 'Ready to fetch.',
      formats: [
        { mimeType: 'text/plain', extension: '.txt' },
        { mimeType: 'application/json', extension: '.json' },
        { mimeType: 'text/xml', schema: 'https://example.org/text.xsd', extension: '.xml' },
      ],
    },
    {
      kind: 'complex',
      identifier: 'grid',
      title: 'Grid',
      formats: [{ mimeType: 'application/x-netcdf', encoding: 'base64', extension: '.nc' }],
    },
    {
      kind: 'literal',
      identifier: 'number',
      title: 'Number',
      dataType: 'double',
      uoms: ['m', 'ft'],
    },
    { kind: 'literal', identifier: 'flag', title: 'Flag', dataType: 'boolean' },
    {
      kind: 'bounding-box',
      identifier: 'extent',
      title: 'Extent',
      crss: ['urn:ogc:def:crs:OGC:1.3:CRS84', 'urn:ogc:def:crs:EPSG:6.6:4326'],
    },
    {
      kind: 'complex',
      identifier: 'inputs',
      title: 'Inputs as the process finds them',
      formats: [{ mimeType: 'application/json', extension: '.json' }],
    },
  ],
  job,
};

/** Returns its input document, byte for byte. */
export const giveBack: ProcessDescription = {
  identifier: 'give-back',
  version: '1.0.0',
  title: 'Give back',
  inputs: everything.inputs
    .filter(({ identifier }) => identifier === 'document')
    .map((input) => ({ ...input, minOccurs: 1, maxOccurs: 1 })),
  outputs: [
    {
      kind: 'complex',
      identifier: 'given',
      title: 'Given',
      formats: [
        { mimeType: 'text/plain', extension: '.txt' },
        { mimeType: 'text/xml', extension: '.xml' },
      ],
    },
  ],
  job,
};

/** Fails as its inputs specify. */
export const failing: ProcessDescription = {
  identifier: 'failing',
  version: '1.0.0',
  title: 'Failing',
  inputs: [
    {
      kind: 'literal',
      identifier: 'exitCode',
      title: 'Exit code',
      minOccurs: 1,
      maxOccurs: 1,
      dataType: 'integer',
    },
    {
      ...optional,
      kind: 'literal',
      identifier: 'message',
      title: 'Message',
      dataType: 'string',
      default: 'It was told to fail.',
    },
  ],
  outputs: [{ kind: 'literal', identifier: 'number', title: 'Number', dataType: 'double' }],
  job,
};

/** Has no inputs and returns one number. */
export const fixed: ProcessDescription = {
  identifier: 'fixed',
  version: '1.0.0',
  title: 'Fixed',
  abstract: 'Takes no inputs.',
  inputs: [],
  outputs: [{ kind: 'literal', identifier: 'number', title: 'Number', dataType: 'double' }],
  job,
};

export const testCatalogue: readonly ProcessDescription[] = [everything, giveBack, failing, fixed];
