import type { JsonValue } from '../../../batch-jobs/api/job.ts';

export type JsonObject = { readonly [key: string]: JsonValue };

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** A member of the object itself, so that names such as `constructor` are ordinary members. */
export function member(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** The member if it is a string that is not blank: clients write `""` for a member that they leave out. */
export function textMember(object: JsonObject, name: string): string | undefined {
  const value = member(object, name);
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** A description of a value, for messages. */
export function inWords(value: JsonValue): string {
  if (value === null) return 'null';
  if (isArray(value)) return 'an array';
  if (isObject(value)) return 'an object';
  const text = JSON.stringify(value);
  const shown = text.length > 100 ? `${text.slice(0, 100)}...` : text;
  return typeof value === 'string' ? `the string ${shown}` : `the ${typeof value} ${shown}`;
}
