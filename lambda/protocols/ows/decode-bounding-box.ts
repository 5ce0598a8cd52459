import type { XmlElement as ParsedElement } from 'libxml2-wasm';
import type { InputData } from '../../operations/execute-command.ts';
import { attribute, childrenOf } from './xml-tree.ts';

/**
 * A bounding box of a request. In a module of its own, because writing boxes needs no parser.
 *
 * @param ows namespace of the version of OWS Common
 */
export function boundingBoxOf(
  element: ParsedElement,
  ows: string,
): Extract<InputData, { kind: 'bounding-box' }> {
  const crs = attribute(element, 'crs');
  const dimensions = attribute(element, 'dimensions');
  return {
    kind: 'bounding-box',
    ...(crs === undefined ? {} : { crs }),
    ...(dimensions === undefined ? {} : { dimensions: Number(dimensions) }),
    lower: position(element, ows, 'LowerCorner'),
    upper: position(element, ows, 'UpperCorner'),
  };
}

function position(element: ParsedElement, ows: string, corner: string): number[] {
  return childrenOf(element, ows, corner)
    .flatMap(({ content }) => content.split(/\s+/))
    .filter((part) => part !== '')
    .map(Number);
}
