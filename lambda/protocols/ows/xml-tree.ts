import { XmlElement } from 'libxml2-wasm';

/**
 * Reads the names of all child elements once, for several look-ups: each look at a name copies it out of the
 * memory of WebAssembly.
 *
 * @returns finds the child elements of a namespace and name, whatever their prefix
 */
export function childLookup(parent: XmlElement): (namespace: string, name: string) => XmlElement[] {
  const children = elementsOf(parent).map((element) => ({
    element,
    namespace: element.namespaceUri,
    name: element.name,
  }));
  return (namespace, name) =>
    children
      .filter((child) => child.name === name && child.namespace === namespace)
      .map(({ element }) => element);
}

/** Child elements of that namespace and name, whatever their prefix. */
export function childrenOf(parent: XmlElement, namespace: string, name: string): XmlElement[] {
  return elementsOf(parent).filter(
    (child) => child.name === name && child.namespaceUri === namespace,
  );
}

/** Child elements; text, comments and processing instructions are ignored. */
export function elementsOf(parent: XmlElement): XmlElement[] {
  const elements: XmlElement[] = [];
  for (let child = parent.firstChild; child; child = child.next) {
    if (child instanceof XmlElement) elements.push(child);
  }
  return elements;
}

/** Reads all attributes once, for several look-ups. WPS attributes have no namespace. */
export function attributeLookup(
  element: XmlElement,
): (name: string, namespace?: string) => string | undefined {
  const attributes = element.attrs.map(({ name, namespaceUri: namespace, value }) => ({
    name,
    namespace,
    value,
  }));
  return (name, namespace = '') =>
    attributes.find((candidate) => candidate.name === name && candidate.namespace === namespace)
      ?.value;
}

/** An attribute's value; WPS attributes have no namespace. */
export function attribute(element: XmlElement, name: string, namespace = ''): string | undefined {
  return attributeLookup(element)(name, namespace);
}
