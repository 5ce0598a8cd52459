import type { NetcdfFile, Variable } from '../netcdf/netcdf-file.ts';
import { type Period, periodIn } from '../subset.ts';
import { attributesOf, type Header } from './header.ts';
import { type IndexRange, runsOf } from './index-range.ts';
import { readInstants } from './read-instants.ts';

/** The steps of a time axis that are in a period, in file order. */
export function selectTimes(
  file: NetcdfFile,
  header: Header,
  time: Variable,
  period: Period,
): IndexRange[] {
  const { instants, calendar } = readInstants(file, time, attributesOf(header, time));
  const { minimum, maximum } = periodIn(period, calendar);
  return runsOf(instants.length, (step) => {
    const instant = instants[step] ?? Number.NaN;
    return instant >= minimum && instant <= maximum;
  });
}
