import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KNOWN_AUTHORITIES, levelOfKnownAuthority } from '../../src/smart-id/known-authorities.ts';

describe('the known CAs of Smart-ID', () => {
  const { live, demo } = KNOWN_AUTHORITIES;
  const all = [...live, ...demo];

  it('have well-formed, distinct fingerprints', () => {
    for (const { fingerprint, name } of all) assert.match(fingerprint, /^[0-9A-F]{64}$/, name);
    assert.equal(new Set(all.map(({ fingerprint }) => fingerprint)).size, all.length);
  });

  it('certify one level each: that of their name', () => {
    for (const authority of all) {
      const { name, fingerprint } = authority;
      const level = /\bROOT\b|Root CA$/.test(name)
        ? undefined
        : /\b(?:EID-)?NQ\b/.test(name)
          ? 'ADVANCED'
          : 'QUALIFIED';
      assert.equal(levelOfKnownAuthority(fingerprint), level, name);
    }
    assert.equal(levelOfKnownAuthority('0'.repeat(64)), undefined);
  });

  it('are test CAs in the demo environment only', () => {
    for (const { name } of demo) assert.match(name, /^TEST of /);
    for (const { name } of live) assert.doesNotMatch(name, /test/i);
  });

  it('contain an issuing CA for each environment, and https addresses of SK', () => {
    for (const list of [live, demo]) assert.ok(list.some(({ kind }) => kind === 'issuing'));
    for (const { addresses, name } of all) {
      assert.ok(addresses.length > 0, name);
      for (const address of addresses)
        assert.match(address, /^https:\/\/(c\.sk\.ee|www\.sk\.ee|www\.skidsolutions\.eu)\//);
    }
  });
});
