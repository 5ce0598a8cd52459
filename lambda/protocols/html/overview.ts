import type { Overview } from '../../../batch-jobs/api/process-advice.ts';
import type { ProcessDescription } from '../../../batch-jobs/api/process-description.ts';
import type { ServiceResponse } from '../../http.ts';
import { control, type FormValues } from './form/form-request.ts';
import { isForMail } from './form/private-input.ts';

/** A picture that a form shows behind its box, and its URL. */
export interface ShownOverview extends Omit<Overview, 'png'> {
  readonly url: string;
}

/** @param path of the process's page */
export function shownOverview(
  { png: _, ...shown }: Overview,
  process: ProcessDescription,
  values: FormValues,
  path: string,
): ShownOverview {
  const asked = new URLSearchParams();
  for (const input of process.inputs) {
    if (input.kind !== 'literal' || isForMail(input)) continue;
    if (input.editor && input.editor !== 'several') continue;
    for (const name of [control.input(input.identifier), control.tick(input.identifier)]) {
      for (const value of values.getAll(name)) if (value !== '') asked.append(name, value);
    }
  }
  return { ...shown, url: `${path}/overview?${asked}` };
}

/** The response with the picture itself. */
export function overviewResponse({ png }: Overview): ServiceResponse {
  return {
    status: 200,
    headers: {
      'content-type': 'image/png',
      'cache-control': 'private, max-age=300',
      'content-security-policy': "default-src 'none'; sandbox",
      'cross-origin-resource-policy': 'same-origin',
    },
    body: Buffer.from(png),
  };
}
