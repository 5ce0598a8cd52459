/** The option is that of a service on one machine, the setting that of an environment. */
const orAsk = 'or ask the provider to allow the host (--reference-host, REFERENCE_HOSTS).';

/**
 * Why a URL must not be fetched as an input, in words for the client; undefined if it may be fetched.
 *
 * This checks only the URL itself. The addresses that its host name resolves to are checked when it is
 * fetched.
 *
 * @param allowed `data.example.org` means that host, `*.example.org` every host below it
 */
export function refusedHost(url: string, allowed: readonly string[]): string | undefined {
  if (allowed.length === 0) {
    return `references are not taken here; give the data in the request, ${orAsk}`;
  }
  if (!URL.canParse(url)) return 'its reference is no absolute URL; allowed: http and https URLs.';
  const { protocol, hostname, username, password } = new URL(url);
  if (protocol !== 'http:' && protocol !== 'https:') {
    return `its reference is a ${protocol} URL; allowed: http and https URLs.`;
  }
  if (username || password) return 'its reference holds credentials; allowed: URLs without.';
  // A trailing dot names the same host.
  const host = hostname.toLowerCase().replace(/\.$/, '');
  const isAllowed = allowed.some((pattern) => {
    const name = pattern.toLowerCase();
    return name.startsWith('*.') ? host.endsWith(name.slice(1)) : host === name;
  });
  return isAllowed
    ? undefined
    : `host "${host}" is not among those that references may name; allowed: ${allowed.join(', ')}. Otherwise send the content in the request, ${orAsk}`;
}
