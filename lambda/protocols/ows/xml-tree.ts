import { XmlElement } from 'libxml2-wasm';

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

/** An attribute's value; WPS attributes have no namespace. */
export function attribute(element: XmlElement, name: string, namespace = ''): string | undefined {
  return element.attrs.find(
    (candidate) => candidate.name === name && candidate.namespaceUri === namespace,
  )?.value;
}
