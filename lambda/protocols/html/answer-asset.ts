import { gunzipSync } from 'node:zlib';
import type { Handler } from '../../route.ts';
import { ServiceFault } from '../../service-fault.ts';
import { assetFiles } from './asset-files.ts';

const year = 365 * 24 * 3600;

/**
 * A script, a style or a picture. Its name changes with its content, so that browsers may cache it for long.
 */
export const asset: Handler = async ({ headers, path }, { name = '' }) => {
  const file = Object.hasOwn(assetFiles, name) ? assetFiles[name] : undefined;
  if (!file) throw new ServiceFault('unknown-resource', `Nothing is served at "${path}".`);
  const gzip = Buffer.from(file.gzip, 'base64');
  const takesGzip = /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(headers['accept-encoding'] ?? '');
  return {
    status: 200,
    headers: {
      'content-type': file.contentType,
      'cache-control': `public, max-age=${year}, immutable`,
      'cross-origin-resource-policy': 'same-origin',
      vary: 'accept-encoding',
      ...(takesGzip ? { 'content-encoding': 'gzip' } : {}),
    },
    body: takesGzip ? gzip : gunzipSync(gzip),
  };
};
