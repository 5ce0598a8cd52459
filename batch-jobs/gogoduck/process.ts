import type { ProcessDescription } from '../api/process-description.ts';
import { checkRequest } from './check-request.ts';
import { chooseQueue } from './choose-queue.ts';

/** Extracts a part of a layer's NetCDF files and joins the files along time. */
export const gogoduck: ProcessDescription = {
  identifier: 'gs:GoGoDuck',
  version: '1.0.0',
  title: 'GoGoDuck',
  abstract:
    'Subsets the NetCDF files of a gridded layer by time, latitude, longitude and depth, and joins them along time into one file. A point (minimum = maximum) gives the nearest cell as a time series.',
  inputs: [
    {
      kind: 'literal',
      identifier: 'layer',
      title: 'Layer',
      abstract: 'Name of the layer whose files are subset.',
      minOccurs: 1,
      maxOccurs: 1,
      dataType: 'string',
      mail: 'named',
    },
    {
      kind: 'literal',
      identifier: 'subset',
      title: 'Subset',
      abstract:
        'The part that is wanted: TIME,<start>,<end>;LATITUDE,<min>,<max>;LONGITUDE,<min>,<max>;DEPTH,<min>,<max>. Times are ISO 8601 in UTC; latitudes are -90 to 90 degrees north; longitudes -180 to 360 degrees east, going on past 180 across the date line (170,190); depths are metres below the surface. TIME and DEPTH may be left out. Bounds belong to the subset.',
      minOccurs: 1,
      maxOccurs: 1,
      dataType: 'string',
      editor: 'extent',
    },
    {
      kind: 'literal',
      identifier: 'variables',
      title: 'Variables',
      abstract:
        'The variables of the result by name or standard name, separated by commas: temperature,sea_water_salinity. Their coordinates, bounds and grid mappings come with them. If left out, all variables.',
      minOccurs: 0,
      maxOccurs: 1,
      dataType: 'string',
      editor: 'several',
    },
    {
      kind: 'literal',
      identifier: 'stride',
      title: 'Stride',
      abstract:
        'Takes every nth position along an axis, beginning with the first in the subset: TIME,2;LATITUDE,10;LONGITUDE,10;DEPTH,1. An axis that is left out is taken whole.',
      minOccurs: 0,
      maxOccurs: 1,
      dataType: 'string',
      editor: 'stride',
    },
    {
      kind: 'literal',
      identifier: 'filename',
      title: 'File name',
      abstract:
        'Name under which a browser saves the result, without its ending. If left out, the name of the layer.',
      minOccurs: 0,
      maxOccurs: 1,
      dataType: 'string',
    },
    {
      kind: 'literal',
      identifier: 'aggregationOutputMime',
      title: 'Data inside a ZIP',
      abstract:
        'Only for a result as ZIP: the format of the data inside, NetCDF unless you choose CSV. For any other result, leave it out or repeat the format of the result.',
      minOccurs: 0,
      maxOccurs: 1,
      dataType: 'string',
      allowedValues: [
        'application/x-netcdf',
        'text/csv',
        'application/zip',
        'application/zarr+zip',
      ],
    },
    {
      kind: 'literal',
      identifier: 'TestMode',
      title: 'Test mode',
      abstract: 'Takes only the latest time step of the subset, to try a request quickly.',
      minOccurs: 0,
      maxOccurs: 1,
      dataType: 'boolean',
      default: 'false',
    },
    {
      kind: 'literal',
      identifier: 'callbackUrl',
      title: 'Callback URL',
      abstract:
        'Accepted so that requests of the AODN portal work, but never called: the service fetches no address of a request. Poll the status location instead.',
      minOccurs: 0,
      maxOccurs: 1,
      dataType: 'anyURI',
      editor: 'none',
    },
    {
      kind: 'literal',
      identifier: 'callbackParams',
      title: 'E-mail address',
      abstract:
        'Gets an e-mail when the job is accepted and when it ends, if the service sends mail: email.to=<address>. The address is not kept with the job.',
      minOccurs: 0,
      maxOccurs: 1,
      dataType: 'string',
      mail: 'parameters',
    },
  ],
  outputs: [
    {
      kind: 'complex',
      identifier: 'result',
      title: 'Result',
      abstract:
        'The aggregation as NetCDF-4 with the attributes of its sources and true coverage, as CSV with a row per cell and time step, in a zip with its receipt, or as a Zarr store (version 2) in a zip. CSV has the variables that are on the grid; values that are missing are empty.',
      formats: [
        { mimeType: 'application/x-netcdf', extension: '.nc' },
        { mimeType: 'text/csv', extension: '.csv' },
        { mimeType: 'application/zip', extension: '.zip' },
        { mimeType: 'application/zarr+zip', extension: '.zarr.zip' },
      ],
    },
    {
      kind: 'complex',
      identifier: 'provenance',
      title: 'Provenance',
      abstract:
        'Where the result came from, as W3C PROV-XML: source files, request, software, times.',
      formats: [
        {
          mimeType: 'application/xml',
          schema: 'http://www.w3.org/ns/prov.xsd',
          extension: '.xml',
        },
      ],
    },
    {
      kind: 'complex',
      identifier: 'receipt',
      title: 'Receipt',
      abstract:
        'What to keep with the result: request, software, layer and sources with their versions, licence and citation where the data has them, and warnings. A zip has it inside as receipt.json.',
      formats: [{ mimeType: 'application/json', extension: '.json' }],
      terms: true,
    },
    {
      kind: 'complex',
      identifier: 'preview',
      title: 'Preview',
      abstract:
        'A picture of the result: a map of the first variable (of those asked for) at the last time step with coastline and colour bar and, of several steps, the mean of the area over time. It is drawn only if it is asked for.',
      formats: [{ mimeType: 'image/png', extension: '.png' }],
    },
  ],
  job: {
    image: 'gogoduck',
    command: ['node', '{process}/main.js'],
    queue: 'large',
    chooseQueue,
    check: checkRequest,
    vcpus: 2,
    memoryMiB: 2048,
    scratchGiB: 100,
    timeoutSeconds: 6 * 3600,
    attempts: 3,
    variables: [
      'GOGODUCK_LAYERS_DIR',
      'GOGODUCK_WFS_URL',
      'GOGODUCK_FILES_URL',
      'GOGODUCK_ZARR_URL',
      'GOGODUCK_PUBLIC_BUCKETS',
      'GOGODUCK_WFS_FILE_COLUMN',
      'GOGODUCK_WFS_SIZE_COLUMN',
      'GOGODUCK_WFS_TIME_COLUMN',
      'GOGODUCK_MAX_GIGABYTES',
      'GOGODUCK_ATTRIBUTE_RULES',
    ],
  },
  advice: async () => (await import('./advice.ts')).advice,
};
