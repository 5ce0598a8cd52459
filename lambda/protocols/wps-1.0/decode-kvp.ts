import { OwsException } from '../ows/ows-exception.ts';
import { queryDecoded } from '../ows/percent-encoding.ts';
import { decodeDataInputs, decodeOutputs } from './decode-kvp-lists.ts';
import type { ExecuteRequest, ResponseForm, WpsRequest } from './requests.ts';

const operations = ['GetCapabilities', 'DescribeProcess', 'Execute'] as const;

/**
 * A request from the query string of a GET (OGC 05-007r7, clauses 8.2.1, 9.2.2, 10.2.2): keys in any
 * case, values with their case kept. What is none of WPS's parameters is passed over, as OWS Common
 * has it (OGC 06-121r3, clause 11.5.2).
 *
 * @param query percent-encoded, without `?`
 * @throws {OwsException} when it is no valid request
 */
export function decodeKvp(query: string): WpsRequest {
  const parameters = new Parameters(query);
  const service = parameters.required('service');
  if (service.toUpperCase() !== 'WPS') throw wrong('service', service, 'WPS');

  const asked = parameters.required('request');
  const operation = operations.find((name) => name.toLowerCase() === asked.toLowerCase());
  if (!operation) {
    throw new OwsException(
      'OperationNotSupported',
      `Operation "${asked}" is not offered; allowed: ${operations.join(', ')}.`,
      { locator: asked },
    );
  }
  const tag = parameters.optional('language');
  const language = tag === undefined ? {} : { language: tag };
  if (operation === 'GetCapabilities') {
    const versions = parameters.optional('AcceptVersions');
    return { operation, acceptVersions: versions ? listOf(versions) : [], ...language };
  }

  const version = parameters.required('version');
  if (version !== '1.0.0') throw wrong('version', version, '1.0.0');
  const identifier = parameters.required('Identifier');
  return operation === 'DescribeProcess'
    ? { operation, identifiers: listOf(identifier), ...language }
    : { ...execute(identifier, parameters), ...language };
}

function execute(identifier: string, parameters: Parameters): ExecuteRequest {
  return {
    operation: 'Execute',
    identifier,
    inputs: decodeDataInputs(parameters.encoded('DataInputs')),
    responseForm: responseForm(parameters),
  };
}

function responseForm(parameters: Parameters): ResponseForm {
  const raw = parameters.encoded('RawDataOutput');
  const document = parameters.encoded('ResponseDocument');
  const flags = {
    storeExecuteResponse: parameters.flag('storeExecuteResponse'),
    status: parameters.flag('status'),
    lineage: parameters.flag('lineage'),
  };
  if (raw === '') {
    return { kind: 'document', outputs: decodeOutputs(document, 'ResponseDocument'), ...flags };
  }
  for (const [name, set] of Object.entries({ ResponseDocument: document !== '', ...flags })) {
    if (!set) continue;
    throw new OwsException(
      'InvalidParameterValue',
      `Parameter "${name}" is given together with "RawDataOutput"; it belongs to a response document.`,
      { locator: name },
    );
  }
  const [output, ...more] = decodeOutputs(raw, 'RawDataOutput');
  if (more.length > 0 || !output) {
    throw new OwsException(
      'InvalidParameterValue',
      `Parameter "RawDataOutput" names ${more.length + (output ? 1 : 0)} outputs; allowed: one.`,
      { locator: 'RawDataOutput' },
    );
  }
  const { asReference: _, ...choice } = output;
  return { kind: 'raw', output: choice };
}

/** Parameters of a query by key in lower case, their values as they are encoded. */
class Parameters {
  readonly #values = new Map<string, string>();

  constructor(query: string) {
    for (const parameter of query.split('&')) {
      const [key = '', ...value] = parameter.split('=');
      // A key that cannot be decoded is none of ours.
      const name = (queryDecoded(key) ?? key).toLowerCase();
      // The first counts: a proxy that repeats a parameter appends it.
      if (!this.#values.has(name)) this.#values.set(name, value.join('='));
    }
  }

  /** For lists, which are taken apart before they are decoded; empty when it is left out. */
  encoded(name: string): string {
    return this.#values.get(name.toLowerCase())?.trim() ?? '';
  }

  /** Undefined also for an empty value, which clients send for parameters they do not use. */
  optional(name: string): string | undefined {
    const value = queryDecoded(this.encoded(name));
    if (value !== undefined) return value.trim() || undefined;
    throw new OwsException(
      'InvalidParameterValue',
      `Parameter "${name}" is no text; allowed: percent-encoded UTF-8 without control characters.`,
      { locator: name },
    );
  }

  required(name: string): string {
    const value = this.optional(name);
    if (value !== undefined) return value;
    throw new OwsException('MissingParameterValue', `Parameter "${name}" is missing.`, {
      locator: name,
    });
  }

  flag(name: string): boolean {
    const value = this.optional(name) ?? 'false';
    if (!/^(true|false)$/i.test(value)) throw wrong(name, value, 'true, false');
    return value.toLowerCase() === 'true';
  }
}

function listOf(value: string): string[] {
  return value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function wrong(name: string, found: string, allowed: string): OwsException {
  return new OwsException(
    'InvalidParameterValue',
    `Parameter "${name}" is "${found}"; allowed: ${allowed}.`,
    { locator: name },
  );
}
