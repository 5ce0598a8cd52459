import { z } from 'zod';
import { environmentSettings } from '../environments/environment.ts';
import { sharedSettings } from '../environments/shared-settings.ts';

/** The parts of JSON Schema that the reference shows. */
interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly format?: string;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
}

/** Settings whose parts are listed only once, under a heading of their own. */
const repeated = ['queues.timeseries', 'queues.large'];

/** Names of text formats. */
const formats: Readonly<Record<string, string>> = {
  cidrv4: 'IPv4 block',
  email: 'e-mail address',
  hostname: 'host name',
  uri: 'URL',
};

/**
 * The reference of all settings in Markdown, made from the schemas that check them, for
 * `docs/environment-settings.md`.
 */
export function generateEnvironmentSettings(): string {
  return [
    '<!-- Written by `npm run docs` from the schemas in environments/. Do not edit. -->',
    '',
    '# Settings of environments',
    '',
    'What differs between DEV, SYSTEST, RC and PROD is written down in `environments/dev.ts`,',
    '`systest.ts`, `rc.ts` and `prod.ts`; what they have in common in `common.ts`; and what an account',
    'has once in `shared.ts`. Every fault is reported at once, with its path.',
    '',
    'A setting without a default must be given, unless it is marked optional.',
    '',
    '## Environments',
    '',
    ...table(environmentSettings),
    '',
    '`queues.timeseries` and `queues.large` have the same settings as `queues.small`.',
    '',
    '## SHARED',
    '',
    ...table(sharedSettings),
    '',
  ].join('\n');
}

function table(settings: z.ZodType): readonly string[] {
  const schema: Schema = JSON.parse(JSON.stringify(z.toJSONSchema(settings, { io: 'input' })));
  return [
    '| setting | allowed | default | meaning |',
    '|---|---|---|---|',
    ...rowsOf(schema, '').map((cells) => `| ${cells.join(' | ')} |`),
  ];
}

function rowsOf(schema: Schema, path: string): readonly (readonly string[])[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const at = path ? `${path}.${name}` : name;
    const optional = !schema.required?.includes(name) && property.default === undefined;
    const row = [
      `\`${at}\``,
      allowed(property),
      property.default === undefined ? (optional ? 'optional' : '') : code(property.default),
      property.description ?? '',
    ];
    return [row, ...(repeated.includes(at) ? [] : partsOf(property, at))];
  });
}

/** Table rows for the parts of a setting. */
function partsOf(schema: Schema, path: string): readonly (readonly string[])[] {
  const kinds = schema.oneOf ?? schema.anyOf;
  if (kinds) {
    return kinds.flatMap((kind) => {
      const [name, { const: value } = {}] =
        Object.entries(kind.properties ?? {}).find(([, { const: fixed }]) => fixed !== undefined) ??
        [];
      const { [name ?? '']: _, ...others } = kind.properties ?? {};
      const row = [`\`${path}\``, `\`{ ${name}: '${value}' }\``, '', kind.description ?? ''];
      return [row, ...rowsOf({ ...kind, properties: others }, `${path}[${value}]`)];
    });
  }
  if (typeof schema.additionalProperties === 'object' && !schema.properties) {
    return rowsOf(schema.additionalProperties, `${path}.<name>`);
  }
  return rowsOf(schema, path);
}

function allowed(schema: Schema): string {
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum) return schema.enum.map(code).join(', ');
  if (schema.oneOf ?? schema.anyOf) return 'one of the kinds below';
  if (schema.items) return `list of ${allowed(schema.items)}`;
  if (schema.type === 'object') {
    return typeof schema.additionalProperties === 'object' && !schema.properties
      ? 'values by name'
      : '';
  }
  const { minimum, maximum, exclusiveMinimum } = schema;
  const most = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? undefined : maximum;
  if (minimum !== undefined && most !== undefined) return `${minimum} to ${most}`;
  if (minimum !== undefined) return `${minimum} or more`;
  if (exclusiveMinimum !== undefined) return `above ${exclusiveMinimum}`;
  return (
    { string: formats[schema.format ?? ''] ?? 'text', boolean: '`true`, `false`' }[
      schema.type ?? ''
    ] ?? ''
  );
}

function code(value: unknown): string {
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}
