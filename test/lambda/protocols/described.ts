import type { ProcessDescription } from '../../../batch-jobs/api/process-description.ts';
import type { ServiceMetadata } from '../../../lambda/protocols/ows/service-metadata.ts';

/** A process of which no more is known than must be. */
export const bareProcess: ProcessDescription = {
  identifier: 'bare',
  version: '0.9',
  title: 'Bare',
  inputs: [],
  outputs: [{ kind: 'literal', identifier: 'n', title: 'N', dataType: 'integer' }],
  job: {
    image: 'i',
    command: ['true'],
    queue: 'small',
    vcpus: 1,
    memoryMiB: 1,
    scratchGiB: 1,
    timeoutSeconds: 1,
    attempts: 1,
  },
};

/** A process with every kind of input and output, of which everything is known. */
export const fullProcess: ProcessDescription = {
  ...bareProcess,
  identifier: 'full',
  version: '1.2.3',
  title: 'Full',
  abstract: 'About full.',
  metadata: [{ title: 'More', href: 'https://example.org/more' }],
  inputs: [
    {
      kind: 'literal',
      identifier: 'level',
      title: 'Level',
      abstract: 'About level.',
      minOccurs: 0,
      maxOccurs: 3,
      dataType: 'double',
      uoms: ['m', 'ft'],
      default: '10',
      allowedValues: ['1', { minimum: '2', maximum: '3' }, { minimum: '4' }, { maximum: '-5' }],
    },
    {
      kind: 'complex',
      identifier: 'file',
      title: 'File',
      minOccurs: 1,
      maxOccurs: 2,
      maximumMegabytes: 7,
      formats: [
        { mimeType: 'text/csv', extension: '.csv' },
        {
          mimeType: 'text/xml',
          encoding: 'utf-8',
          schema: 'https://example.org/a.xsd',
          extension: '.xml',
        },
      ],
    },
    {
      kind: 'bounding-box',
      identifier: 'area',
      title: 'Area',
      minOccurs: 1,
      maxOccurs: 1,
      crss: ['urn:a', 'urn:b'],
    },
  ],
  outputs: [
    { kind: 'literal', identifier: 'n', title: 'N', abstract: 'About n.', dataType: 'integer' },
    {
      kind: 'complex',
      identifier: 'grid',
      title: 'Grid',
      formats: [{ mimeType: 'application/x-netcdf', encoding: 'base64', extension: '.nc' }],
    },
    { kind: 'bounding-box', identifier: 'extent', title: 'Extent', crss: ['urn:c', 'urn:d'] },
  ],
};

/** A service of which everything is known. */
export const fullService: ServiceMetadata = {
  baseUrl: 'https://example.org/',
  identification: {
    title: 'Service',
    abstract: 'About it.',
    keywords: ['ocean', 'grid'],
    fees: 'Two dollars',
    accessConstraints: 'Members only',
  },
  provider: {
    name: 'Provider',
    site: 'https://provider.example/',
    contact: {
      individualName: 'Ada',
      positionName: 'Operator',
      voice: '+61 1',
      facsimile: '+61 2',
      deliveryPoint: '1 Quay',
      city: 'Hobart',
      administrativeArea: 'Tasmania',
      postalCode: '7000',
      country: 'Australia',
      electronicMailAddress: 'ada@example.org',
    },
  },
  languages: ['en-AU', 'fr'],
  notice: { text: 'Closed on Monday.', severity: 'info' },
};
