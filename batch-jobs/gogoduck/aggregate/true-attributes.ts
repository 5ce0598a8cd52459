import { totalCount } from '../grid/index-range.ts';
import { type Attribute, type Attributes, textAttribute, textOf } from '../netcdf/attributes.ts';
import type { Variable } from '../netcdf/netcdf-file.ts';
import type { Plan } from './scan-files.ts';
import type { Template } from './template.ts';

/** Attributes that state which values a variable has. */
const ofValues = /^(actual_(range|min|max)|data_(min|max)|STATISTICS_\w+)$/i;

/** The attributes of a variable, without statements that are untrue for a part of the data. */
export function trueAttributes(attributes: Attributes, source: Variable, plan: Plan): Attributes {
  return withoutReferences(withoutExtremes(attributes, source, plan), plan.template);
}

/** Statements about all values of a variable are true only if all values are included. */
function withoutExtremes(attributes: Attributes, source: Variable, plan: Plan): Attributes {
  const { template } = plan;
  const names = [...attributes.keys()].filter((name) => ofValues.test(name));
  const isWhole = source.dimensions.every((name, axis) => {
    const size = source.shape[axis] ?? 0;
    if (name === template.timeDimension)
      return isOneFile(plan) && plan.steps.instants.length === size;
    const ranges = template.cells.ranges.get(name);
    return !ranges || totalCount(ranges) === size;
  });
  if (names.length === 0 || isWhole) return attributes;
  return new Map([...attributes].filter(([name]) => !names.includes(name)));
}

function isOneFile({ steps }: Plan): boolean {
  return steps.runs.every(({ file }) => file === steps.runs[0]?.file);
}

/** Attributes that name other variables: one, several, or pairs of a word and a name. */
const ofOne = new Set(['bounds', 'climatology', 'grid_mapping']);
const ofSeveral = new Set(['coordinates', 'ancillary_variables']);
const ofPairs = new Set(['cell_measures', 'formula_terms']);

/** Removes the names of variables that are left out. */
function withoutReferences(attributes: Attributes, { header, known }: Template): Attributes {
  const isLeftOut = (name: string) => known.has(name) && !header.variables.has(name);
  return new Map(
    [...attributes].flatMap(([name, attribute]): [string, Attribute][] => {
      const text = textOf(attribute) ?? '';
      const names = text.split(/[\s:]+/);
      if (!names.some(isLeftOut)) return [[name, attribute]];
      const kept = ofOne.has(name)
        ? ''
        : ofSeveral.has(name)
          ? names.filter((each) => !isLeftOut(each)).join(' ')
          : ofPairs.has(name)
            ? [...text.matchAll(/\S+:\s+(\S+)/g)]
                .filter(([, each]) => !isLeftOut(each as string))
                .map(([pair]) => pair)
                .join(' ')
            : text;
      return kept === '' ? [] : [[name, kept === text ? attribute : textAttribute(kept)]];
    }),
  );
}
