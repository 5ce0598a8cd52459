import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { z } from 'zod';
import { type InputBounds, unreachableSizes } from './input-bounds.ts';
import type { ProcessDescription } from './process-description.ts';
import { queueClasses } from './process-description.ts';
import { faultsOfSchema, type Path, type ValueFault } from './process-file-faults.ts';

/**
 * A process described in a file, `process.yaml` or `process.json`, beside its program. It has the members of
 * {@link ProcessDescription} except functions; members that most processes leave out have defaults.
 */

const identifier = z
  .string()
  .regex(/^[A-Za-z][\w.:-]*$/, 'must begin with a letter; letters, digits and . : _ - may follow')
  .describe('Unique among its kind; case-sensitive.');
const text = z.string().min(1, 'must not be empty');
/** People write numbers and booleans where the contract has text. */
const value = z
  .union([z.string(), z.number(), z.boolean()])
  .transform(String)
  .describe('A value as text; numbers and booleans may be written plainly.');

const described = {
  identifier,
  title: text.describe('A few words for people.'),
  abstract: text.exactOptional().describe('What it means, in a sentence or two.'),
};
const occurrences = {
  minOccurs: z.int().min(0).default(1).describe('0 makes the input optional.'),
  maxOccurs: z.int().min(1).default(1).describe('How many values one request may give.'),
};
const dataType = z.enum(['string', 'integer', 'double', 'boolean', 'date', 'dateTime', 'anyURI']);
const units = z
  .tuple([text], text)
  .exactOptional()
  .describe('Units of measure on offer; the first is the default.');
const format = z.strictObject({
  mimeType: z
    .string()
    .regex(/^[\w.+-]+\/[\w.+-]+(;.*)?$/, 'must be a media type such as text/csv')
    .describe('Media type.'),
  encoding: text.exactOptional().describe('base64 for binary data inside XML or JSON.'),
  schema: text.exactOptional().describe('URI of the schema that the data conforms to.'),
  extension: z
    .string()
    .regex(/^\.[A-Za-z0-9.]+$/, 'must be a file name ending such as .csv')
    .describe('File name ending of an output, with its dot.'),
});
const formats = z.tuple([format], format).describe('The first is the default.');
const crss = z
  .tuple([text], text)
  .default(['urn:ogc:def:crs:OGC:1.3:CRS84'])
  .describe('Coordinate reference systems as URIs; the first is the default.');
const range = z.strictObject({ minimum: value.exactOptional(), maximum: value.exactOptional() });

const input = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('literal'),
    ...described,
    ...occurrences,
    dataType,
    uoms: units,
    default: value.exactOptional().describe('Taken when an optional input is left out.'),
    allowedValues: z
      .array(z.union([value, range]))
      .min(1)
      .exactOptional()
      .describe('Single values and closed ranges. Left out: any value of the data type.'),
    mail: z
      .enum(['recipients', 'parameters', 'named'])
      .exactOptional()
      .describe(
        'recipients: addresses that get e-mail about the job, separated by commas. parameters: the same, written as email.to=<address>. Neither is stored or passed to the program. named: the value appears in the mails.',
      ),
  }),
  z.strictObject({
    kind: z.literal('complex'),
    ...described,
    ...occurrences,
    formats,
    maximumMegabytes: z.number().positive().describe('Largest value taken, in MiB.'),
  }),
  z.strictObject({ kind: z.literal('bounding-box'), ...described, ...occurrences, crss }),
]);

const output = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('literal'), ...described, dataType, uoms: units }),
  z.strictObject({ kind: z.literal('complex'), ...described, formats }),
  z.strictObject({ kind: z.literal('bounding-box'), ...described, crss }),
]);

const job = z.strictObject({
  command: z
    .tuple([text], text)
    .describe('Program and arguments. {process} stands for the folder of this file.'),
  queue: z.enum(queueClasses).default('small').describe('The AWS Batch queue it waits in.'),
  vcpus: z.number().positive().default(1),
  memoryMiB: z.int().min(4).default(512).describe('A run that takes more is ended.'),
  scratchGiB: z.number().positive().default(1).describe('Scratch space it may fill.'),
  timeoutSeconds: z.int().min(60).default(600).describe('One attempt is ended after this time.'),
  attempts: z.int().min(1).max(10).default(1).describe('How often a job is tried in all.'),
  environment: z
    .record(z.string(), value)
    .exactOptional()
    .describe('Variables that every run gets.'),
  variables: z
    .array(text)
    .exactOptional()
    .describe('Names of the variables that the program reads from its surroundings.'),
  callsAws: z.boolean().exactOptional().describe('The program gets the credentials of the job.'),
});

export const processFileSchema = z.strictObject({
  $schema: z.string().exactOptional().describe('Address of this schema, for editors.'),
  ...described,
  version: z.string().regex(/^\d+(\.\d+)*\S*$/, 'must be a version such as 1.0.0'),
  metadata: z.array(z.strictObject({ title: text, href: text.exactOptional() })).exactOptional(),
  inputs: z.array(input).default([]),
  outputs: z.tuple([output], output),
  job,
});

/** Keys of all mappings of a process file. */
const knownKeys = [
  ...new Set(
    [processFileSchema, job, format, range, ...input.options, ...output.options].flatMap((each) =>
      Object.keys(each.shape),
    ),
  ),
];

export interface ProcessFileFault {
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
  /** Where the fault is, such as `inputs[0].title`, what was found and what is allowed. */
  readonly text: string;
}

/**
 * Reads the process that a file describes.
 *
 * @param content YAML, or JSON, which is YAML
 * @param folder name of the file's folder, which is also the name of the process's image
 * @param bounds of the service that offers the process, if known
 * @returns all faults found, if the file is not a valid process file
 */
export function parseProcessFile(
  content: string,
  folder: string,
  bounds?: InputBounds,
):
  | {
      readonly process: ProcessDescription;
      /** Where the identifier is. */
      readonly identifierAt: { readonly line: number; readonly column: number };
    }
  | { readonly faults: readonly ProcessFileFault[] } {
  const lines = new LineCounter();
  const document = parseDocument(content, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number, message: string): ProcessFileFault => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col, text: message };
  };
  if (document.errors.length > 0) {
    return { faults: document.errors.map(({ pos, message }) => at(pos[0], message)) };
  }
  const parsed = processFileSchema.safeParse(document.toJS(), { reportInput: true });
  if (!parsed.success) {
    return {
      faults: faultsOfSchema(parsed.error.issues, knownKeys).map(({ path, text }) =>
        at(offsetOf(document.contents, path), `${placeOf(path)}: ${text}`),
      ),
    };
  }
  const { $schema: _, job: jobOf, ...rest } = parsed.data;
  const process: ProcessDescription = { ...rest, job: { image: folder, ...jobOf } };
  const unreachable = bounds ? unreachableSizes(process.inputs, bounds) : [];
  const faults = [
    ...contradictionsOf(parsed.data),
    ...unreachable.map(({ index, text }) => ({
      path: ['inputs', index, 'maximumMegabytes'],
      text,
    })),
  ].map(({ path, text }) => at(offsetOf(document.contents, path), `${placeOf(path)}: ${text}`));
  if (faults.length > 0) return { faults };
  const { line, col: column } = lines.linePos(offsetOf(document.contents, ['identifier']));
  return { process, identifierAt: { line, column } };
}

/** Faults of parts that are each valid alone but contradict each other. */
function contradictionsOf(file: z.infer<typeof processFileSchema>): readonly ValueFault[] {
  const faults: ValueFault[] = [];
  for (const list of ['inputs', 'outputs'] as const) {
    const seen = new Set<string>();
    for (const [index, { identifier: name }] of file[list].entries()) {
      if (seen.has(name)) {
        const where = [list, index, 'identifier'];
        faults.push({
          path: where,
          text: `"${name}" is there twice; name each ${list.slice(0, -1)} once`,
        });
      }
      seen.add(name);
    }
  }
  for (const [index, found] of file.inputs.entries()) {
    if (found.minOccurs > found.maxOccurs) {
      const where = ['inputs', index, 'minOccurs'];
      faults.push({
        path: where,
        text: `is ${found.minOccurs}, more than maxOccurs ${found.maxOccurs}`,
      });
    }
    if (found.kind === 'complex' && found.maximumMegabytes > file.job.scratchGiB * 1024) {
      const where = ['inputs', index, 'maximumMegabytes'];
      faults.push({
        path: where,
        text: `is ${found.maximumMegabytes}, more than the ${file.job.scratchGiB} GiB of scratch that a job has (job.scratchGiB)`,
      });
    }
    if (found.kind === 'literal' && found.default !== undefined && found.minOccurs > 0) {
      const where = ['inputs', index, 'default'];
      faults.push({
        path: where,
        text: 'is given for an input that must be sent; add minOccurs: 0',
      });
    }
  }
  return faults;
}

/** Offset of a value in the text. For a missing value, the offset of its parent. */
function offsetOf(node: Node | null, path: Path): number {
  const start = node?.range?.[0] ?? 0;
  const [key, ...rest] = path;
  if (key === undefined) return start;
  if (isMap(node)) {
    const pair = node.items.find((item) => isScalar(item.key) && item.key.value === key);
    if (!pair) return start;
    const keyStart = isScalar(pair.key) ? (pair.key.range?.[0] ?? start) : start;
    return rest.length === 0 ? keyStart : offsetOf(pair.value as Node | null, rest) || keyStart;
  }
  if (isSeq(node)) return offsetOf((node.items[Number(key)] as Node | undefined) ?? node, rest);
  return start;
}

function placeOf(path: Path): string {
  const [first, ...rest] = path;
  if (first === undefined) return 'the file';
  const parts = rest.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`));
  return `${String(first)}${parts.join('')}`;
}
