import type { Description, ProcessDescription } from '../api/process-description.ts';

const crss = [
  'http://www.opengis.net/def/crs/OGC/1.3/CRS84',
  // The name that the test suite sends.
  'urn:ogc:def:crs:EPSG:6.6:4326',
] as const;

const json = { mimeType: 'application/json', extension: '.json' } as const;
const tiff = {
  mimeType: 'image/tiff; application=geotiff',
  encoding: 'base64',
  extension: '.tiff',
} as const;

const object = {
  ...json,
  jsonSchema: { oneOf: [{ type: 'object' }, { type: 'string' }] },
} as const;
const array = { ...json, jsonSchema: { type: 'array', items: { type: 'integer' } } } as const;

const optional = { minOccurs: 0, maxOccurs: 1 } as const;
const complex = { kind: 'complex', maximumMegabytes: 1 } as const;

/** Inputs and outputs have the same names: each input is returned as the output of the same name. */
const values = {
  string: { identifier: 'stringInput', title: 'String' },
  object: { identifier: 'objectInput', title: 'Object' },
  array: { identifier: 'arrayInput', title: 'Array of integers' },
  binary: { identifier: 'binaryInput', title: 'Image' },
  box: { identifier: 'boundingBoxInput', title: 'Bounding box' },
  pause: { identifier: 'pause', title: 'Pause' },
} as const satisfies Record<string, Description>;

/**
 * Returns each input as the output of the same name. The test suite of OGC API - Processes
 * (ets-ogcapi-processes10) runs against such a process. It has no other use, so an environment offers it only
 * if its settings enable it.
 */
export const echoInputs: ProcessDescription = {
  identifier: 'echo-inputs',
  version: '1.0.0',
  title: 'Echo of every kind of input',
  abstract:
    'Gives each input back as the output of the same name, after a pause. For test suites of OGC API - Processes.',
  keywords: ['test'],
  isForTests: true,
  inputs: [
    {
      ...values.string,
      kind: 'literal',
      minOccurs: 1,
      maxOccurs: 1,
      dataType: 'string',
    },
    { ...values.object, ...optional, ...complex, formats: [object] },
    { ...values.array, ...optional, ...complex, formats: [array] },
    { ...values.binary, ...optional, ...complex, formats: [tiff] },
    { ...values.box, ...optional, kind: 'bounding-box', crss },
    {
      ...values.pause,
      ...optional,
      kind: 'literal',
      abstract: 'How long to wait first, in seconds.',
      dataType: 'integer',
      default: '0',
      allowedValues: [{ minimum: '0', maximum: '60' }],
    },
  ],
  outputs: [
    { ...values.string, kind: 'literal', dataType: 'string' },
    {
      ...values.object,
      abstract: 'null where none was given.',
      kind: 'complex',
      formats: [{ ...object, jsonSchema: { ...object.jsonSchema, nullable: true } }],
    },
    { ...values.array, abstract: 'Empty where none was given.', kind: 'complex', formats: [array] },
    { ...values.binary, abstract: 'Empty where none was given.', kind: 'complex', formats: [tiff] },
    {
      ...values.box,
      abstract: 'The whole world where none was given.',
      kind: 'bounding-box',
      crss: [crss[0]],
    },
    { ...values.pause, kind: 'literal', dataType: 'integer' },
  ],
  job: {
    image: 'echo-inputs',
    command: ['python3', '{process}/echo_inputs.py'],
    queue: 'small',
    vcpus: 1,
    memoryMiB: 256,
    scratchGiB: 1,
    timeoutSeconds: 180,
    attempts: 2,
    // The rest of its container is read-only.
    environment: { PYTHONDONTWRITEBYTECODE: '1' },
  },
};
