import { type Attributes, textOf } from './netcdf/attributes.ts';
import type { RunRecord } from './provenance.ts';

/** Attributes that state the terms of use of data, and how to cite it (ACDD 1.3, and older names). */
const terms = {
  licence: ['license', 'licence', 'use_limitation', 'distribution_statement'],
  citation: ['citation', 'acknowledgement', 'acknowledgment'],
  references: ['references', 'doi', 'metadata_link'],
  version: ['product_version', 'dataset_version', 'version'],
  title: ['title'],
  institution: ['institution'],
} as const;

/**
 * A record for the user to store with a result: the request, the sources, the software, and the terms that
 * the sources state.
 *
 * @param attributes of the result
 * @returns JSON
 */
export function receiptJson(
  run: RunRecord,
  attributes: Attributes,
  warnings: readonly string[],
): string {
  const { jobId, request, process, sources, coverage, startedAt, endedAt } = run;
  const told = Object.entries(terms).flatMap(([name, candidates]) => {
    const text = candidates.map((each) => textOf(attributes.get(each))?.trim()).find(Boolean);
    return text === undefined ? [] : [[name, text] as const];
  });
  const receipt = {
    job: jobId,
    process: `${process.identifier} ${process.version}`,
    request: {
      layer: request.layer,
      subset: request.subsetText,
      ...(request.testMode ? { testMode: true } : {}),
      format: request.content,
    },
    layer: { name: request.layer, ...Object.fromEntries(told) },
    ...(coverage ? { coverage } : {}),
    sources: sources.map(({ name, location, size }) => ({
      name,
      ...('url' in location ? { url: location.url } : {}),
      ...(size === undefined ? {} : { size }),
    })),
    startedAt: startedAt.toISOString(),
    endedAt: endedAt.toISOString(),
    ...(warnings.length > 0 ? { warnings } : {}),
  };
  return `${JSON.stringify(receipt, null, 2)}\n`;
}
