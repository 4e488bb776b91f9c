import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { countedNetworksOf, networkOf } from '../../src/audit/network.ts';

describe('the network of an address', () => {
  for (const [address, network] of [
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:201', '192.0.2.1'],
    ['0:0:0:0:0:ffff:192.0.2.1', '192.0.2.1'],
    ['192.0.2.1:4711', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::ffff', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['[2001:db8::1]:4711', '2001:db8:0:0::/64'],
    ['[2001:db8::1]', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
    ['2001:db8::2:3:4:5', '2001:db8:0:0::/64'],
    ['1:2:3:4:5:6:192.0.2.33', '1:2:3:4::/64'],
    ['', 'unknown'],
    ['not an address', 'unknown'],
    ['unknown', 'unknown'],
    ['_hidden', 'unknown'],
    ['192.0.2.300', 'unknown'],
    ['192.0.2.1, 192.0.2.2', 'unknown'],
    ['2001:db8::1::2', 'unknown'],
    [`${'1'.repeat(10_000)}:1`, 'unknown'],
  ] as const) {
    it(`of ${address.slice(0, 40) || 'nothing'} is ${network}`, () => {
      assert.equal(networkOf(address), network);
    });
  }

  it('is counted with the /56 and the /48 of an IPv6 address, which have more', () => {
    assert.deepEqual(countedNetworksOf('2001:db8:1:12ab::5'), [
      { network: '2001:db8:1:12ab::/64', allowance: 1 },
      { network: '2001:db8:1:1200::/56', allowance: 4 },
      { network: '2001:db8:1::/48', allowance: 16 },
    ]);
    for (const address of ['192.0.2.1', '::ffff:192.0.2.1', 'unknown'])
      assert.deepEqual(countedNetworksOf(address), [{ network: networkOf(address), allowance: 1 }]);
  });

  it('is the same for all addresses of a /64, and differs from the next /64', () => {
    assert.equal(networkOf('2001:db8:1:2::1'), networkOf('2001:db8:1:2:ffff:ffff:ffff:ffff'));
    assert.notEqual(networkOf('2001:db8:1:2::1'), networkOf('2001:db8:1:3::1'));
  });
});
