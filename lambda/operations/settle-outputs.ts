import type { RequestedOutput } from '../../batch-jobs/api/job.ts';
import type {
  OutputDescription,
  ProcessDescription,
} from '../../batch-jobs/api/process-description.ts';
import { quoted, ServiceFault } from '../service-fault.ts';
import { chooseFormat } from './choose-format.ts';
import type { OutputChoice } from './execute-command.ts';

/**
 * The outputs that a request asks for, each with its format. A request that names no outputs gets all of them
 * in their default formats.
 *
 * @throws {ServiceFault} naming the output at fault as subject
 */
export function settleOutputs(
  process: ProcessDescription,
  asked: readonly OutputChoice[],
): RequestedOutput[] {
  if (asked.length === 0) {
    return process.outputs.map((described) =>
      settle(described, { identifier: described.identifier }),
    );
  }
  const seen = new Set<string>();
  return asked.map((output) => {
    const described = process.outputs.find(({ identifier }) => identifier === output.identifier);
    if (!described) {
      throw new ServiceFault(
        'unknown-output',
        `Process "${process.identifier}" has no output "${output.identifier}"; its outputs are ${quoted(process.outputs.map(({ identifier }) => identifier))}.`,
        { subject: output.identifier },
      );
    }
    if (seen.has(output.identifier)) {
      throw new ServiceFault(
        'invalid-value',
        `Output "${output.identifier}" is asked for more than once.`,
        { subject: output.identifier },
      );
    }
    seen.add(output.identifier);
    return settle(described, output);
  });
}

function settle(described: OutputDescription, output: OutputChoice): RequestedOutput {
  const abstract = output.abstract ?? described.abstract;
  const common = {
    identifier: described.identifier,
    title: output.title ?? described.title,
    ...(abstract === undefined ? {} : { abstract }),
    transmission: output.transmission ?? 'value',
  };
  switch (described.kind) {
    case 'complex': {
      const subject = `Output "${described.identifier}"`;
      const format = chooseFormat(described.formats, output, subject, described.identifier);
      const encoding = output.encoding || format.encoding;
      return {
        ...common,
        kind: 'complex',
        mimeType: format.mimeType,
        ...(encoding === undefined ? {} : { encoding }),
        ...(format.schema === undefined ? {} : { schema: format.schema }),
        extension: format.extension,
      };
    }
    case 'literal': {
      const uom = output.uom ?? described.uoms?.[0];
      if (output.uom !== undefined && !described.uoms?.includes(output.uom)) {
        throw new ServiceFault(
          'invalid-value',
          `Output "${described.identifier}" is not offered in unit "${output.uom}"; allowed: ${described.uoms?.join(', ') ?? 'none'}.`,
          { subject: described.identifier },
        );
      }
      return {
        ...common,
        kind: 'literal',
        dataType: described.dataType,
        ...(uom === undefined ? {} : { uom }),
        extension: '.txt',
      };
    }
    case 'bounding-box':
      return { ...common, kind: 'bounding-box', crs: described.crss[0], extension: '.txt' };
  }
}
