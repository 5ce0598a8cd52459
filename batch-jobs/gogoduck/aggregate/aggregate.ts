import { attributesOf } from '../grid/header.ts';
import { piecesOf } from '../grid/select-cells.ts';
import type { Hdf5 } from '../netcdf/hdf5-file.ts';
import type { NetcdfFile } from '../netcdf/netcdf-file.ts';
import type { NetcdfSink } from '../netcdf/netcdf-sink.ts';
import { BlockCopier, type Origin, Scratch } from './block-copier.ts';
import { ownVariable } from './compare-files.ts';
import { decoderOf } from './decode.ts';
import type { Output, OutputVariable } from './define-output.ts';
import { encodingOf } from './encodings.ts';
import { openJoined, type Plan } from './scan-files.ts';
import { readEncodings, type Template } from './template.ts';

/**
 * Copies the planned data into the output, file by file and block by block. Memory holds one block per
 * variable, regardless of the number of files.
 *
 * @param sink the output; complete when this function returns, and not before
 * @param onRun called before each run of steps is copied, with the number of runs copied so far
 */
export async function aggregate(
  hdf5: Hdf5,
  plan: Plan,
  { variables }: Output,
  sink: NetcdfSink,
  onRun: (index: number, of: number) => void,
): Promise<void> {
  try {
    await copyFixed(hdf5, plan, variables, sink);
    await copyVarying(hdf5, plan, variables, sink, onRun);
    await sink.close();
  } catch (error) {
    // If both fail, the first error is the cause.
    await sink.abandon().catch(() => {});
    throw error;
  }
}

/** Variables that do not vary with time are copied from a single file. */
async function copyFixed(
  hdf5: Hdf5,
  plan: Plan,
  variables: readonly OutputVariable[],
  sink: NetcdfSink,
): Promise<void> {
  const { template, templatePath } = plan;
  const scratch = new Scratch();
  await inFile(hdf5, templatePath, plan, async (file) => {
    for (const output of variables) {
      if (template.encodings.has(output.source.name)) continue;
      const copier = new BlockCopier(
        output,
        piecesOf(output.source, template.cells),
        sink,
        scratch,
      );
      await copier.append(fixedOrigin(file, output, template), 0, 1);
      await copier.flush();
    }
  });
}

async function copyVarying(
  hdf5: Hdf5,
  plan: Plan,
  variables: readonly OutputVariable[],
  sink: NetcdfSink,
  onRun: (index: number, of: number) => void,
): Promise<void> {
  const { template, steps, paths } = plan;
  const varying = variables.filter(({ source }) => template.encodings.has(source.name));
  const scratch = new Scratch();
  const copiers = new Map(
    varying.map((output) => [
      output.source.name,
      new BlockCopier(output, piecesOf(output.source, template.cells), sink, scratch),
    ]),
  );
  for (const [index, { file: at, start, count }] of steps.runs.entries()) {
    onRun(index, steps.runs.length);
    await inFile(hdf5, paths[at] as string, plan, async (file) => {
      for (const [name, origin] of origins(file, varying, template)) {
        await copiers.get(name)?.append(origin, start, count);
      }
    });
  }
  for (const copier of copiers.values()) await copier.flush();
}

async function inFile(
  hdf5: Hdf5,
  path: string,
  plan: Plan,
  work: (file: NetcdfFile) => Promise<void>,
): Promise<void> {
  const file = await openJoined(hdf5, path, plan);
  try {
    await work(file);
  } finally {
    file.close();
  }
}

function fixedOrigin(file: NetcdfFile, output: OutputVariable, { header }: Template): Origin {
  const { source } = output;
  const encoding = encodingOf(source.type, attributesOf(header, source));
  return { file, variable: source, decode: decoderOf(output, encoding, encoding) };
}

/** The variables that vary with time, as stored in one file, by name. */
function origins(
  file: NetcdfFile,
  varying: readonly OutputVariable[],
  template: Template,
): Map<string, Origin> {
  const { encodings, coordinates, header } = template;
  const treated = varying.filter(({ treatment }) => treatment.kind !== 'as-stored');
  // The units of time also apply to its bounds.
  const looked =
    treated.length > 0 ? [coordinates.time, ...treated.map(({ source }) => source)] : [];
  const decoded = new Map(
    looked.flatMap((source) =>
      source ? [[source.name, ownVariable(file, source, template)] as const] : [],
    ),
  );
  const own = readEncodings([...decoded.values()], coordinates, header, (variable) =>
    file.encodingAttributes(variable),
  );
  return new Map(
    varying.map((output) => {
      const { source } = output;
      const variable = decoded.get(source.name) ?? source;
      const [encoding, first] = [own.get(source.name), encodings.get(source.name)];
      const decode = encoding && first ? decoderOf(output, encoding, first) : undefined;
      return [source.name, { file, variable, decode }];
    }),
  );
}
