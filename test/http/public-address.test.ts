import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isPublicAddress } from '../../src/http/public-address.ts';

const NOT_PUBLIC: Readonly<Record<string, readonly string[]>> = {
  'this machine': ['127.0.0.1', '127.255.255.254', '::1', '0.0.0.0', '0.1.2.3', '::'],
  'a private network': [
    '10.0.0.1',
    '10.255.255.255',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    'fd00::1',
    'fc00::',
  ],
  'this network’s link': ['169.254.0.1', 'fe80::1', 'fe80::1%eth0', 'febf::1'],
  'the provider’s network': ['100.64.0.1', '100.127.255.254'],
  'the cloud’s metadata': [
    '169.254.169.254',
    '100.100.100.200',
    '192.0.0.192',
    '168.63.129.16',
    'fd00:ec2::254',
  ],
  'many at once': ['224.0.0.1', '239.255.255.255', '255.255.255.255', 'ff02::1'],
  'reserved: tests, documents, benchmarks, future use': [
    '192.0.2.1',
    '198.51.100.1',
    '203.0.113.1',
    '198.18.0.1',
    '198.19.255.255',
    '192.0.0.1',
    '240.0.0.1',
    '2001:db8::1',
    '2001:2::1',
    '3fff::1',
    '100::1',
    '5f00::1',
  ],
  'an IPv4 address in IPv6': [
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::ffff:7f00:1',
    '::127.0.0.1',
    '::ffff:0:127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b::8.8.8.8',
    '64:ff9b:1::1',
    '2002:7f00:1::',
    '2001::1',
  ],
  'an old or unassigned range of IPv6': ['fec0::1', '4000::1', '1::1', '8000::1'],
  'no address': ['', 'localhost', '1.2.3', '1.2.3.4.5', '1.2.3.256', '8.8.8.8 ', 'evil.example', '::g'],
};

describe('an IP address', () => {
  for (const [of, addresses] of Object.entries(NOT_PUBLIC)) {
    it(`is not public where it is of ${of}`, () => {
      for (const address of addresses) assert.equal(isPublicAddress(address), false, address);
    });
  }

  it('is public on the internet, next to those ranges too', () => {
    for (const address of [
      '8.8.8.8',
      '1.1.1.1',
      '9.255.255.255',
      '11.0.0.0',
      '100.63.255.255',
      '100.128.0.0',
      '126.255.255.255',
      '128.0.0.0',
      '169.253.255.255',
      '169.255.0.0',
      '172.15.255.255',
      '172.32.0.0',
      '192.167.255.255',
      '192.169.0.0',
      '223.255.255.255',
      '2001:4860:4860::8888',
      '2606:4700:4700::1111',
      '2a00::1',
    ]) {
      assert.equal(isPublicAddress(address), true, address);
    }
  });
});
