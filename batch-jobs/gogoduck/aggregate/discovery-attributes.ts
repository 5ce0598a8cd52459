import { type Attribute, type Attributes, textAttribute, textOf } from '../netcdf/attributes.ts';
import { coverageAttributes } from './coverage.ts';
import type { Plan } from './scan-files.ts';

/** Identifies a result, and says how it was made. */
export interface Identity {
  /** A UUID for this result only. */
  readonly uuid: string;
  readonly layer: string;
  readonly madeAt: Date;
  /** One line on how the result was made. */
  readonly history: string;
  readonly rules: AttributeRules;
}

/** Rules that change a layer's attributes for a part of the layer. */
export interface AttributeRules {
  /** Values by name. In a value, `${name}` stands for another attribute of the result, or for `layer`. */
  readonly set?: Readonly<Record<string, string | number>>;
  readonly remove?: readonly string[];
}

/** Names and checksums of a source file, which do not apply to the result. */
const ofOneFile = [
  'tracking_id',
  'file_name',
  'filename',
  'netcdf_filename',
  'netcdf_file_name',
  'md5',
  'checksum',
];

/**
 * The result's global attributes: those of its first file, without statements that are untrue for a part of
 * several files, and changed by the layer's rules.
 *
 * Source: Attribute Convention for Data Discovery 1.3.
 */
export function discoveryAttributes(plan: Plan, identity: Identity): Attributes {
  const source = plan.template.header.attributes;
  const attributes = new Map(coverageAttributes(plan));
  const at = textAttribute(identity.madeAt.toISOString().replace(/\.\d+Z/, 'Z'));
  const isOfMany = new Set(plan.steps.runs.map(({ file }) => file)).size > 1;
  for (const name of ofOneFile) attributes.delete(name);
  // Each source says when its values were made; for several sources there is no single answer.
  if (isOfMany) attributes.delete('date_created');
  attributes.set('date_modified', at);
  for (const name of ['date_issued', 'date_metadata_modified']) {
    if (attributes.has(name)) attributes.set(name, at);
  }
  if (attributes.has('uuid')) attributes.set('uuid', textAttribute(identity.uuid));
  retitle(attributes, source);
  applyRules(attributes, identity);
  const before = textOf(source.get('history'));
  const { history } = identity;
  attributes.set('history', textAttribute(before ? `${before}\n${history}` : history));
  return attributes;
}

/** If the title contains the time of one file, replaces it with the time of the result. */
function retitle(attributes: Map<string, Attribute>, source: Attributes): void {
  const title = textOf(source.get('title'));
  const start = textOf(attributes.get('time_coverage_start'));
  const end = textOf(attributes.get('time_coverage_end'));
  const was = textOf(source.get('time_coverage_start')) ?? start;
  if (!title || !was || !start || !end || was.length < 'YYYYMMDD'.length) return;
  const now = start === end ? start : `${start} to ${end}`;
  const instant = title.replaceAll(was, now);
  const renamed = instant === title ? withDays(title, was, start, end) : instant;
  if (renamed !== title) attributes.set('title', textAttribute(renamed));
}

/** For a title that contains only the day: `2021-06-01` or `20210601`. */
function withDays(title: string, was: string, start: string, end: string): string {
  const [wasDay, startDay, endDay] = [was, start, end].map(dayOf);
  if (wasDay === undefined || startDay === undefined || endDay === undefined) return title;
  const basic = (day: string) => day.replaceAll('-', '');
  const inForm = (form: (day: string) => string) =>
    startDay === endDay ? form(startDay) : `${form(startDay)} to ${form(endDay)}`;
  return title
    .replaceAll(wasDay, inForm(String))
    .replaceAll(new RegExp(`(?<!\\d)${basic(wasDay)}(?!\\d)`, 'g'), inForm(basic));
}

/** `2021-06-01` from an instant in ISO 8601, with or without hyphens. */
function dayOf(instant: string): string | undefined {
  const [, year, month, day] = /^(\d{4})-?(\d{2})-?(\d{2})/.exec(instant) ?? [];
  return year === undefined ? undefined : `${year}-${month}-${day}`;
}

function applyRules(
  attributes: Map<string, Attribute>,
  { rules, layer }: Pick<Identity, 'rules' | 'layer'>,
): void {
  for (const name of rules.remove ?? []) attributes.delete(name);
  for (const [name, value] of Object.entries(rules.set ?? {})) {
    if (typeof value === 'number') {
      attributes.set(name, { kind: 'numbers', type: 'double', values: Float64Array.of(value) });
      continue;
    }
    const text = value.replaceAll(/\$\{(\w+)\}/g, (_, other: string) =>
      other === 'layer' ? layer : inWords(attributes.get(other)),
    );
    attributes.set(name, textAttribute(text));
  }
}

function inWords(attribute: Attribute | undefined): string {
  if (attribute?.kind === 'numbers') return [...attribute.values].map(String).join(', ');
  return textOf(attribute) ?? '';
}
