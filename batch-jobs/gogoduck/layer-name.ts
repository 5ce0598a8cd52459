import { JobError } from './job-error.ts';
import { didYouMean, nearestNames } from './nearest-names.ts';

/** Form of a layer's name: that of a WFS feature type or a folder, never a path. */
const pattern = /^[A-Za-z0-9_][A-Za-z0-9_.:-]{0,199}$/;

export function isLayerName(text: string): boolean {
  return pattern.test(text) && !text.includes('..');
}

/** @throws {JobError} for a name that no layer can have */
export function checkLayerName(layer: string): void {
  if (isLayerName(layer)) return;
  const found = layer.length > 60 ? `${layer.slice(0, 60)}...` : layer;
  throw new JobError(
    'badRequest',
    `Input "layer" is "${found}"; allowed: a name of letters, digits, "_", ".", ":" and "-".`,
  );
}

/** @param layers existing names, if known */
export function noSuchLayer(
  layer: string,
  layers: Iterable<string> = [],
  cause?: unknown,
): JobError {
  const meant = didYouMean(nearestNames(layer, layers));
  return new JobError('notThere', `Input "layer" is "${layer}"; there is no such layer.${meant}`, {
    cause,
  });
}
