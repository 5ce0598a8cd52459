import { XmlElement, type XmlNode, XmlTreeNode } from 'libxml2-wasm';

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

/** The text of a child that the schema requires; white space around it is layout. */
export function textBelow(parent: XmlElement, namespace: string, name: string): string {
  return firstOf(childrenOf(parent, namespace, name)).content.trim();
}

/** Child elements; text, comments and processing instructions are ignored. */
export function elementsOf(parent: XmlElement): XmlElement[] {
  return nodesIn(parent).filter((node) => node instanceof XmlElement);
}

/** Everything within an element, in order. */
export function nodesIn(parent: XmlElement): XmlNode[] {
  const nodes: XmlNode[] = [];
  let node: XmlNode | null = parent.firstChild;
  for (; node instanceof XmlTreeNode; node = node.next) nodes.push(node);
  // The library does not know what follows a processing instruction, unless it looks for it by a path.
  return node ? parent.find('node()') : nodes;
}

/** The element that the schema requires at a place. */
export function firstOf([element]: readonly XmlElement[]): XmlElement {
  if (element) return element;
  throw new Error('the schema let pass a request that lacks an element');
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

/** The value of an attribute that the schema requires. */
export function requiredAttribute(element: XmlElement, name: string, namespace = ''): string {
  // Stryker disable next-line StringLiteral: the schema refuses an element without it
  return attribute(element, name, namespace) ?? '';
}
