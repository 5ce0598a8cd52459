import type { ExecuteCommand, InputData } from '../../../operations/execute-command.ts';
import type { FormInput, FormRequest } from './form-request.ts';
import { textOfFile } from './read-body.ts';

/** The command that a form describes: an asynchronous job, which continues after the user leaves the page. */
export function formCommand(
  { process, inputs, outputs }: FormRequest,
  received: ExecuteCommand['received'],
): ExecuteCommand {
  return {
    process,
    inputs: inputs.map((input) => ({ identifier: input.identifier, data: dataOf(input) })),
    outputs: outputs.map((output) => ({ ...output, transmission: 'reference' })),
    mode: 'async',
    presentation: { protocol: 'html' },
    received,
  };
}

function dataOf(input: FormInput): InputData {
  switch (input.kind) {
    case 'literal': {
      const { value, uom } = input;
      return { kind: 'literal', value, ...(uom === undefined ? {} : { uom }) };
    }
    case 'bounding-box': {
      const { crs, lower, upper } = input;
      return { kind: 'bounding-box', crs, lower, upper };
    }
    case 'complex': {
      const { identifier: _, kind, content, ...format } = input;
      if ('href' in content) {
        return { kind: 'reference', ...format, href: content.href, method: 'GET', headers: [] };
      }
      if ('text' in content) return { kind, ...format, content };
      const text = format.encoding === 'base64' ? undefined : textOfFile(content);
      return {
        kind,
        ...format,
        content: text === undefined ? { base64: content.base64 } : { text },
      };
    }
  }
}
