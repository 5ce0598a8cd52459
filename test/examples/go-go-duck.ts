import type { LiteralInput, ProcessDescription } from '../../batch-jobs/api/process-description.ts';
import { findProcess } from '../../batch-jobs/catalogue.ts';
import { fixed } from '../test-catalogue.ts';

const identifier = 'gs:GoGoDuck';

const text = (name: string, minOccurs: number): LiteralInput => ({
  kind: 'literal',
  identifier: name,
  title: name,
  minOccurs,
  maxOccurs: 1,
  dataType: 'string',
});

/** The process that the AODN portal asks for; one of the same inputs where the catalogue has none. */
export const goGoDuck: ProcessDescription = findProcess(identifier) ?? {
  ...fixed,
  identifier,
  inputs: [
    text('layer', 1),
    text('subset', 1),
    { ...text('callbackUrl', 0), dataType: 'anyURI' },
    text('callbackParams', 0),
    text('filename', 0),
  ],
  outputs: [
    {
      kind: 'complex',
      identifier: 'result',
      title: 'result',
      formats: [
        { mimeType: 'application/zip', extension: '.zip' },
        { mimeType: 'application/x-netcdf', extension: '.nc' },
        { mimeType: 'text/csv', extension: '.csv' },
      ],
    },
  ],
};
