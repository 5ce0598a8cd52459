import ipaddr from 'ipaddr.js';

/** The IPv6 range assigned to the public Internet (RFC 4291, clause 2.4; RFC 3587). */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Whether an address belongs to the public Internet. Private, loopback, link-local, multicast and reserved
 * addresses do not. Neither do IPv6 addresses that represent IPv4 addresses (mapped, compatible, NAT64, 6to4,
 * Teredo), because any of the former may be behind them.
 *
 * @param address numeric, IPv4 or IPv6
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed instanceof ipaddr.IPv4 || parsed.match(globalUnicast);
}
