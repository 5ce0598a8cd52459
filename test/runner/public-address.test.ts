import { describe, expect, it } from 'vitest';
import { isPublicAddress } from '../../batch-jobs/runner/public-address.ts';

describe('a public address', () => {
  it.each(['8.8.8.8', '93.184.216.34', '2606:4700::1111', '2a00:1450:4001::1'])(
    '%s is a public address',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  it.each([
    ['private', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fc00::1', 'fd12::1'],
    ['loopback', '127.0.0.1', '127.255.255.254', '::1'],
    ['link-local, as the metadata of cloud machines', '169.254.169.254', 'fe80::1', 'fe80::1%eth0'],
    ['unique local, as the metadata of cloud machines', 'fd00:ec2::254'],
    ['of this network', '0.0.0.0', '0.1.2.3', '::'],
    ['shared by carriers', '100.64.0.1', '100.127.255.255'],
    ['multicast', '224.0.0.1', '239.255.255.255', 'ff02::1'],
    ['broadcast', '255.255.255.255'],
    ['reserved', '240.0.0.1', '192.0.0.1', '198.18.0.1', '4000::1', '100::1', '5f00::1'],
    ['for documentation', '192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '3fff::1'],
    ['an IPv4 address, mapped', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '::ffff:a00:1'],
    ['an IPv4 address, compatible', '::127.0.0.1', '::7f00:1'],
    ['an IPv4 address behind NAT64', '64:ff9b::7f00:1', '64:ff9b:1::a00:1'],
    ['an IPv4 address by 6to4', '2002:7f00:1::', '2002:a00:1::1'],
    ['an IPv4 address by Teredo', '2001::1', '2001:0:7f00:1::'],
    ['site-local', 'fec0::1'],
    ['no address', '', 'localhost', '127.0.0.1:80', '1.2.3.4.5', '0x7f000001x', '[::1]'],
  ])('%s is not a public address', (_, ...addresses) => {
    expect(addresses.filter(isPublicAddress)).toEqual([]);
  });
});
