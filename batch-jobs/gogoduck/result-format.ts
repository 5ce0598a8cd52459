import { JobError } from './job-error.ts';

export const resultFormats = [
  'application/x-netcdf',
  'text/csv',
  'application/zip',
  'application/zarr+zip',
] as const;
export type ResultFormat = (typeof resultFormats)[number];

/** Format of a result's data; a zip file contains one of these. */
export type ResultContent = Exclude<ResultFormat, 'application/zip'>;

/** @throws {JobError} for a format that results do not have */
export function resultFormatOf(text: string | undefined, subject: string): ResultFormat {
  if (text === undefined) return resultFormats[0];
  const format = resultFormats.find((each) => each === text.toLowerCase());
  if (format) return format;
  throw new JobError(
    'badRequest',
    `${subject} is "${text}"; allowed: ${resultFormats.map((each) => `"${each}"`).join(', ')}.`,
  );
}

/**
 * The portal states the format twice: as the format of the output, and in `aggregationOutputMime`. The second
 * adds information only for a zip file.
 *
 * @throws {JobError} if the two contradict each other
 */
export function contentOf(
  result: ResultFormat | undefined,
  asked: string | undefined,
): ResultContent {
  const content = asked && resultFormatOf(asked, 'Input "aggregationOutputMime"');
  if (result === undefined || result === 'application/zip') {
    if (result && content === 'application/zarr+zip') {
      throw new JobError(
        'badRequest',
        `Input "aggregationOutputMime" is "${content}", but output "result" is asked for as "${result}"; allowed: "application/x-netcdf" or "text/csv" inside, or output "result" as "${content}", which is a zip itself.`,
      );
    }
    return content === 'text/csv' ? content : 'application/x-netcdf';
  }
  if (!content || content === result) return result;
  throw new JobError(
    'badRequest',
    `Input "aggregationOutputMime" is "${content}", but output "result" is asked for as "${result}"; allowed: the same for both.`,
  );
}
