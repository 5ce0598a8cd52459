/**
 * Parameters of a status URL by key in lower case. What is not known is passed over: clients add
 * their own (OWSLib: `language`).
 */
export function statusParameters(query: string): Map<string, string> {
  return new Map([...new URLSearchParams(query)].map(([key, value]) => [key.toLowerCase(), value]));
}
