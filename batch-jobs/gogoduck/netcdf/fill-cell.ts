import type { Attributes } from './attributes.ts';
import { bytesOf, defaultFillValues, isNumeric, type NetcdfType, numbersOf } from './types.ts';

/** Fill values of bytes: `NC_FILL_BYTE`, `NC_FILL_UBYTE`. By themselves they do not mark missing data. */
const byteFills = { byte: -127, ubyte: 255 } as const;

/**
 * The bytes of a cell that was never written.
 *
 * Source: NetCDF Users' Guide, "Fill Values"; `netcdf.h`, `NC_FILL_*`.
 */
export function fillCell(type: NetcdfType, attributes: Attributes): Uint8Array {
  const own = attributes.get('_FillValue');
  if (!isNumeric(type)) {
    return own?.kind === 'text' && own.bytes.length === 1 ? own.bytes : new Uint8Array(1);
  }
  if (own?.kind === 'numbers' && own.type === type && own.values.length === 1) {
    return bytesOf(own.values);
  }
  const fill = type === 'byte' || type === 'ubyte' ? byteFills[type] : defaultFillValues[type];
  return bytesOf(numbersOf(type, [fill ?? 0]));
}
