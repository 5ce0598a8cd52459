import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ajvDraft04 from 'ajv-draft-04';
import ajvFormats from 'ajv-formats';
import { leaveOut } from './left-out.ts';
import { officialApiSchemas, schemasDir } from './official-schema-files.ts';

/** A document of OGC API - Processes, Part 1, by the name of its schema. */
export type SchemaName =
  | 'confClasses'
  | 'exception'
  | 'execute'
  | 'jobList'
  | 'landingPage'
  | 'process'
  | 'processList'
  | 'results'
  | 'schema'
  | 'statusInfo';

// These are CommonJS modules, whose default export TypeScript and Node.js see differently.
const Ajv = ajvDraft04.default;
const addFormats = ajvFormats.default;

let ajv: InstanceType<typeof Ajv> | undefined;

/** The schemas as one validator. They are written for OpenAPI 3.0, which is mostly JSON Schema draft 4. */
function officialSchemas(): InstanceType<typeof Ajv> {
  if (ajv) return ajv;
  const compiled = new Ajv({ strict: false, allErrors: true });
  addFormats(compiled);
  compiled.addFormat('byte', /^[A-Za-z0-9+/\s]*={0,2}$/);
  const folder = join(schemasDir, 'api');
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.json'))) {
    const schema = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    // The standard misspells `successUri` in its list of required properties.
    if (name === 'subscriber.json') schema.required = ['successUri'];
    compiled.addSchema(schema, name);
  }
  ajv = compiled;
  return compiled;
}

/**
 * Faults that the named schema finds in a document; empty when it is valid, or when the schemas are missing.
 */
export function apiFaultsOf(name: SchemaName, document: unknown): string[] {
  if (!officialApiSchemas.isMet()) {
    leaveOut(officialApiSchemas);
    return [];
  }
  const validate = officialSchemas().getSchema(`${name}.json`);
  if (!validate) throw new Error(`there is no schema ${name}.json in ${schemasDir}/api`);
  return validate(document)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

const valueValidator = new Ajv({ strict: false });
addFormats(valueValidator);
valueValidator.addFormat('byte', /^[A-Za-z0-9+/]*={0,2}$/);
valueValidator.addFormat('ogc-bbox', true);

/** Whether a value fits a schema of a process description, which is JSON Schema as OpenAPI 3.0 defines it. */
export function fitsSchema(schema: object, value: unknown): boolean {
  return valueValidator.validate(schema, value) === true;
}
