import type { FormInput, FormRequest } from '../form/form-request.ts';
import { pythonString } from './quote.ts';

/** A script for OWSLib that runs the request, waits and saves the outputs. */
export function asOwslib({ process, inputs, outputs }: FormRequest, endpoint: string): string {
  const boxes = inputs.some(({ kind }) => kind === 'bounding-box');
  const complex = inputs.some(({ kind }) => kind === 'complex');
  const imports = [
    'WebProcessingService',
    'monitorExecution',
    ...(boxes ? ['BoundingBoxDataInput'] : []),
    ...(complex ? ['ComplexDataInput'] : []),
  ];
  return [
    `from owslib.wps import ${imports.join(', ')}`,
    '',
    `wps = WebProcessingService(${pythonString(endpoint)})`,
    'execution = wps.execute(',
    `    ${pythonString(process)},`,
    '    inputs=[',
    ...inputs.map((input) => `        (${pythonString(input.identifier)}, ${pythonValue(input)}),`),
    '    ],',
    '    output=[',
    ...outputs.map(
      ({ identifier, mimeType }) =>
        `        (${pythonString(identifier)}, True, ${mimeType ? pythonString(mimeType) : 'None'}),`,
    ),
    '    ],',
    '    mode="async",',
    ')',
    'monitorExecution(execution, sleepSecs=5)',
    'print(execution.status, execution.statusMessage)',
    'for output in execution.processOutputs:',
    // Without a folder, some versions of OWSLib fail.
    '    output.writeToDisk(path="./")',
    '    print(output.identifier, output.filePath)',
  ].join('\n');
}

function pythonValue(input: FormInput): string {
  switch (input.kind) {
    case 'literal':
      return pythonString(input.value);
    case 'bounding-box': {
      const numbers = [...input.lower, ...input.upper].map((number) =>
        Number.isFinite(number) ? String(number) : 'None',
      );
      return `BoundingBoxDataInput([${numbers.join(', ')}], crs=${pythonString(input.crs)})`;
    }
    case 'complex': {
      const { content, mimeType, encoding, schema } = input;
      if ('href' in content) return pythonString(content.href);
      const more = [
        `mimeType=${pythonString(mimeType)}`,
        ...('base64' in content
          ? ['encoding="base64"']
          : encoding === undefined
            ? []
            : [`encoding=${pythonString(encoding)}`]),
        ...(schema === undefined ? [] : [`schema=${pythonString(schema)}`]),
      ];
      const text = 'base64' in content ? content.base64 : content.text;
      return `ComplexDataInput(${pythonString(text)}, ${more.join(', ')})`;
    }
  }
}
