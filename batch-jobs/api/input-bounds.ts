import type { InputDescription } from './process-description.ts';

/** How large a value may be when it reaches a process, regardless of what the description allows. */
export interface InputBounds {
  /** Largest request, in bytes. */
  readonly requestBytes: number;
  /** Largest input fetched from a reference, in bytes; 0 if references are refused. */
  readonly referenceBytes: number;
  /** How to raise the two limits. */
  readonly remedy: string;
}

const mebibyte = 1024 * 1024;

/**
 * Inputs whose `maximumMegabytes` no value could ever reach. Clients rely on the description, and would only
 * find out by sending a file.
 *
 * @returns position of each such input, and what to do
 */
export function unreachableSizes(
  inputs: readonly InputDescription[],
  { requestBytes, referenceBytes, remedy }: InputBounds,
): readonly { readonly index: number; readonly text: string }[] {
  const most = Math.max(requestBytes, referenceBytes) / mebibyte;
  return inputs.flatMap((input, index) => {
    if (input.kind !== 'complex' || input.maximumMegabytes <= most) return [];
    const request = `a request may have ${words(requestBytes)}`;
    const reference =
      referenceBytes === 0
        ? 'references are refused'
        : `what is fetched from a reference ${words(referenceBytes)}`;
    return [
      {
        index,
        text: `is ${input.maximumMegabytes}, which no value can reach: ${request}, and ${reference}; write at most ${floor(most)}, or ${remedy}`,
      },
    ];
  });
}

function words(bytes: number): string {
  return `${floor(bytes / mebibyte)} MiB`;
}

function floor(mebibytes: number): number {
  return Math.floor(mebibytes * 100) / 100;
}
