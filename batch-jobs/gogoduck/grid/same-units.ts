/** Spellings of one unit, as UDUNITS knows them; the first stands for all. */
// biome-ignore format: a unit per line
const spellings: readonly (readonly string[])[] = [
  ['degC', 'deg_C', 'degree_C', 'degrees_C', 'degreeC', 'degreesC', 'celsius', 'degree_celsius',
    'degrees_celsius', 'deg_celsius', 'degcelsius', '°c'],
  ['K', 'kelvin', 'kelvins', 'degK', 'deg_K', 'degree_K', 'degrees_K', 'degreeK', 'degree_kelvin', 'degrees_kelvin'],
  ['degrees_north', 'degree_north', 'degrees_N', 'degree_N', 'degreesN', 'degreeN'],
  ['degrees_east', 'degree_east', 'degrees_E', 'degree_E', 'degreesE', 'degreeE'],
  ['degree', 'degrees', 'deg', '°'],
  ['m', 'metre', 'metres', 'meter', 'meters'],
  ['km', 'kilometre', 'kilometres', 'kilometer', 'kilometers'],
  ['cm', 'centimetre', 'centimetres', 'centimeter', 'centimeters'],
  ['mm', 'millimetre', 'millimetres', 'millimeter', 'millimeters'],
  ['s', 'sec', 'secs', 'second', 'seconds'],
  ['min', 'minute', 'minutes'],
  ['h', 'hr', 'hrs', 'hour', 'hours'],
  ['d', 'day', 'days'],
  ['kg', 'kilogram', 'kilograms'],
  ['g', 'gram', 'grams'],
  ['mg', 'milligram', 'milligrams'],
  ['ug', 'microgram', 'micrograms', 'µg', 'μg'],
  ['mol', 'mole', 'moles'],
  ['umol', 'micromol', 'micromole', 'micromoles', 'µmol', 'μmol'],
  ['Pa', 'pascal', 'pascals'],
  ['hPa', 'hectopascal', 'hectopascals', 'mbar', 'millibar', 'millibars'],
  ['dbar', 'decibar', 'decibars'],
  ['W', 'watt', 'watts'],
  ['J', 'joule', 'joules'],
  ['N', 'newton', 'newtons'],
  ['%', 'percent'],
];

/** Words are compared without case. Short symbols are case-sensitive, because `m` and `M` differ. */
const longestSymbol = 3;

const standIns = new Map<string, string>(
  spellings.flatMap(([first = '', ...others]) =>
    [first, ...others].map((spelling) => [keyOf(spelling), first] as const),
  ),
);

function keyOf(spelling: string): string {
  return spelling.length > longestSymbol ? spelling.toLowerCase() : spelling;
}

/** Whether two units are the same in different spellings: `m s-1` and `m/s`. */
export function sameUnits(one: string | undefined, other: string | undefined): boolean {
  if (one === other) return true;
  if (one === undefined || other === undefined) return isNone(one) && isNone(other);
  const [first, second] = [factorsOf(one), factorsOf(other)];
  if (!first || !second || first.size !== second.size) return false;
  return [...first].every(([unit, exponent]) => second.get(unit) === exponent);
}

/** A number without units is dimensionless (CF conventions 1.11, section 3.1 "Units"). */
function isNone(units: string | undefined): boolean {
  return units === undefined || /^\s*1?\s*$/.test(units);
}

/**
 * The factors of a unit, with their exponents; undefined for a text that is not a unit.
 *
 * Source: UDUNITS-2, "Grammar".
 */
function factorsOf(units: string): Map<string, number> | undefined {
  const factors = new Map<string, number>();
  let sign = 1;
  const text = units
    .trim()
    .replaceAll(/\s+per\s+/gi, ' / ')
    .replaceAll('**', '^');
  for (const [token] of text.matchAll(/[/.*·\s]+|[^/.*·\s]+/g)) {
    if (token === '1') continue;
    if (/^[/.*·\s]+$/.test(token)) {
      sign = token.includes('/') ? -1 : 1;
      continue;
    }
    const [, name, power = '1'] = /^([^\d\s^+-]+)\^?([+-]?\d+)?$/.exec(token) ?? [];
    if (name === undefined) return undefined;
    const unit = standIns.get(keyOf(name)) ?? name;
    const exponent = (factors.get(unit) ?? 0) + sign * Number(power);
    if (exponent === 0) factors.delete(unit);
    else factors.set(unit, exponent);
  }
  return factors;
}
