import type {
  Format,
  InputDescription,
  OutputDescription,
  ProcessDescription,
  ValueRange,
} from '../batch-jobs/api/process-description.ts';
import { catalogue } from '../batch-jobs/catalogue.ts';

/** `docs/processes.md`: every process of the catalogue, from the description that clients receive, too. */
export async function generateProcesses(): Promise<string> {
  return `# Processes

What the catalogue offers. An environment offers those that have a job definition there. Each process
has a folder below [\`batch-jobs\`](../batch-jobs) with its description, its program and a README.

${catalogue.map(processSection).join('\n\n')}
`;
}

function processSection(process: ProcessDescription): string {
  const { job } = process;
  return `## \`${process.identifier}\`

${process.abstract ?? process.title} Version ${process.version}.

| input | kind | times | allowed | default | meaning |
|---|---|---|---|---|---|
${process.inputs.map(inputRow).join('\n')}

| output | kind | formats | meaning |
|---|---|---|---|
${process.outputs.map(outputRow).join('\n')}

A job usually waits in queue \`${job.queue}\`, has ${job.vcpus} vCPU, ${job.memoryMiB} MiB of memory and ${job.scratchGiB} GiB of scratch
space, and is tried ${job.attempts} times at most, each for ${job.timeoutSeconds} s at most.`;
}

function inputRow(input: InputDescription): string {
  const { identifier, minOccurs, maxOccurs } = input;
  const times = minOccurs === maxOccurs ? `${maxOccurs}` : `${minOccurs} to ${maxOccurs}`;
  const value = input.kind === 'literal' ? (input.default ?? '') : '';
  return row([`\`${identifier}\``, kind(input), times, allowed(input), value, meaning(input)]);
}

function outputRow(output: OutputDescription): string {
  const formats = output.kind === 'complex' ? formatList(output.formats) : '';
  return row([`\`${output.identifier}\``, kind(output), formats, meaning(output)]);
}

function kind(described: InputDescription | OutputDescription): string {
  if (described.kind !== 'literal') return described.kind;
  const uoms = described.uoms ? ` in ${described.uoms.join(', ')}` : '';
  return `${described.dataType}${uoms}`;
}

function allowed(input: InputDescription): string {
  switch (input.kind) {
    case 'literal':
      return (input.allowedValues ?? []).map(allowedValue).join(', ');
    case 'complex':
      return `${formatList(input.formats)}; up to ${input.maximumMegabytes} MiB`;
    case 'bounding-box':
      return input.crss.join(', ');
  }
}

function allowedValue(value: string | ValueRange): string {
  if (typeof value === 'string') return `\`${value}\``;
  return `${value.minimum ?? '...'} to ${value.maximum ?? '...'}`;
}

function formatList(formats: readonly Format[]): string {
  return formats.map(({ mimeType }) => `\`${mimeType}\``).join(', ');
}

function meaning({ title, abstract }: { title: string; abstract?: string }): string {
  return abstract ?? title;
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}
