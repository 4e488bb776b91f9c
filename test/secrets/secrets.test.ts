import assert from 'node:assert/strict';
import { createDecipheriv, createHmac } from 'node:crypto';
import { describe, it } from 'node:test';
import { createSecrets, SealError, type Secrets } from '../../src/secrets/secrets.ts';

const KEY = 'an example of a secret key, long enough';
const secrets = createSecrets(KEY);
/** The beginnings of the keys that are derived from it, and of hashes of `a text`, in hexadecimal digits. */
const OF_KEY = {
  cookies: 'fff94748718e0779',
  'nonces of DPoP': '0ce49310e6bf05a7',
  'audit chain': 'cd0cbca31753da6a',
  pseudonyms: 'ecd42c78c2a6fdb6',
  'pairwise subjects': '5847f004a0cadbac',
  persons: '431feffe2759b465',
  addresses: '3766520ef407cfa1',
};

describe('sealing', () => {
  it('opens a sealed value with the same SECRET_KEY', () => {
    const sealed = secrets.seal('ÕÄ text', 'place');
    assert.ok(!sealed.includes('text'));
    assert.equal(createSecrets(KEY).open(sealed, 'place'), 'ÕÄ text');
  });

  it('produces a different value each time', () => {
    assert.notEqual(secrets.seal('a', 'place'), secrets.seal('a', 'place'));
  });

  it('does not open a value in another context', () => {
    assert.throws(() => secrets.open(secrets.seal('a', 'row:1'), 'row:2'), SealError);
  });

  it('does not open a value altered in any byte', () => {
    const [version, id, body] = secrets.seal('abc', 'place').split('.') as [string, string, string];
    const bytes = Buffer.from(body, 'base64url');
    for (const index of bytes.keys()) {
      const altered = Buffer.from(bytes);
      altered[index] = (altered[index] ?? 0) ^ 1;
      assert.throws(
        () => secrets.open(`${version}.${id}.${altered.toString('base64url')}`, 'place'),
        SealError,
      );
    }
  });

  it('reports that another SECRET_KEY sealed a value', () => {
    const other = createSecrets('another secret key, also long enough').seal('a', 'place');
    assert.throws(() => secrets.open(other, 'place'), /another SECRET_KEY/);
  });

  it('refuses other texts', () => {
    for (const text of [
      '',
      'v1',
      'v2.a.b',
      'plain text',
      `v1.${secrets.seal('a', 'b').split('.')[1] ?? ''}.AAAA`,
    ]) {
      assert.throws(() => secrets.open(text, 'place'), SealError, text);
    }
  });
});

describe('pseudonyms', () => {
  it('are stable for each person, different between persons, and do not contain the code', () => {
    assert.equal(secrets.pseudonym('PNOEE-40504040001'), createSecrets(KEY).pseudonym('PNOEE-40504040001'));
    assert.notEqual(secrets.pseudonym('PNOEE-40504040001'), secrets.pseudonym('PNOEE-50001029996'));
    assert.match(secrets.pseudonym('PNOEE-40504040001'), /^[0-9a-f]{16}$/);
  });

  it('are not related to the hashes of persons in the database', () => {
    const person = 'PNOEE-40504040001';
    assert.equal(secrets.personHash(person), createSecrets(KEY).personHash(person));
    assert.notEqual(secrets.personHash(person), secrets.personHash('PNOEE-50001029996'));
    const hash = Buffer.from(secrets.personHash(person), 'base64url').toString('hex');
    assert.ok(!hash.startsWith(secrets.pseudonym(person)));
    const other = createSecrets('another secret key, also long enough');
    assert.notEqual(secrets.personHash(person), other.personHash(person));
  });

  it('are not related to the hashes of addresses, which differ from those of persons', () => {
    const address = '192.0.2.1';
    assert.equal(secrets.addressHash(address), createSecrets(KEY).addressHash(address));
    assert.notEqual(secrets.addressHash(address), secrets.personHash(address));
    assert.notEqual(secrets.addressHash(address), createSecrets('x'.repeat(32)).addressHash(address));
  });

  it('cannot be made without the key', () => {
    assert.notEqual(
      secrets.pseudonym('a'),
      createSecrets('another secret key, also long enough').pseudonym('a'),
    );
  });
});

describe('the keys of one SECRET_KEY', () => {
  const hex = (base64url: string) => Buffer.from(base64url, 'base64url').toString('hex');

  /** The keys that can be had, and what those make that cannot. */
  function derivedFrom(of: Secrets) {
    const keys: Readonly<Record<string, Buffer>> = {
      cookies: Buffer.from(of.cookieKeys[0] ?? '', 'base64url'),
      'nonces of DPoP': of.dpopNonceKey,
      'audit chain': of.auditKeys.chain.export(),
      pseudonyms: of.auditKeys.pseudonym.export(),
      'pairwise subjects': of.derivedPairwiseKey(of.seal('a text', 'place')),
    };
    const hashes = { persons: hex(of.personHash('a text')), addresses: hex(of.addressHash('a text')) };
    return { keys, hashes };
  }

  it('are different for each purpose and each value', () => {
    const macs = [secrets, createSecrets('another secret key, also long enough')].flatMap((of) => {
      const { keys, hashes } = derivedFrom(of);
      const made = Object.values(keys).map((key) => createHmac('sha256', key).update('a text').digest('hex'));
      return [...made, ...Object.values(hashes)];
    });
    assert.equal(macs.length, 14);
    assert.equal(new Set(macs).size, macs.length);
  });

  it('do not seal, but for the one that nobody else has', () => {
    const sealed = Buffer.from(secrets.seal('a text', 'place').split('.')[2] ?? '', 'base64url');
    for (const [purpose, key] of Object.entries(derivedFrom(secrets).keys)) {
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12));
      decipher.setAAD(Buffer.from('place')).setAuthTag(sealed.subarray(-16));
      decipher.update(sealed.subarray(12, -16));
      assert.throws(() => decipher.final(), purpose);
    }
  });

  it('stay the same from release to release: what another one has stored or signed must be found, opened and verified', () => {
    const { keys, hashes } = derivedFrom(secrets);
    const shown = Object.entries({
      ...Object.fromEntries(Object.entries(keys).map(([purpose, key]) => [purpose, key.toString('hex')])),
      ...hashes,
    }).map(([purpose, value]) => [purpose, value.slice(0, 16)]);
    assert.deepEqual(Object.fromEntries(shown), OF_KEY);
    assert.deepEqual([secrets.keyIds, secrets.pseudonym('a text')], [['389dbc5c'], '67d558ab05e44b27']);
    assert.equal(
      secrets.open('v1.389dbc5c.PKhWtcaWxHd1QD88PSs2KN5DRSfLhhBZsousTn1jhw1h6g', 'place'),
      'a text',
    );
  });
});

describe('several values of SECRET_KEY', () => {
  const NEW = 'a new secret key that takes the place of it';
  const before = createSecrets(KEY);
  const during = createSecrets(NEW, KEY);
  const after = createSecrets(NEW);
  const person = 'PNOEE-40504040001';

  it('open values sealed with any of them, and seal with the first', () => {
    assert.equal(during.open(before.seal('old', 'place'), 'place'), 'old');
    assert.equal(createSecrets(KEY, NEW).open(after.seal('new', 'place'), 'place'), 'new');
    const sealed = during.seal('new', 'place');
    assert.equal(after.open(sealed, 'place'), 'new');
    assert.throws(() => before.open(sealed, 'place'), SealError);
  });

  it('are distinguished by the key IDs in sealed values', () => {
    assert.deepEqual(during.keyIds, [...after.keyIds, ...before.keyIds]);
    assert.equal(before.seal('a', 'place').split('.')[1], before.keyIds[0]);
    assert.deepEqual(createSecrets(KEY, KEY, NEW).keyIds, createSecrets(KEY, NEW).keyIds);
  });

  it('sign cookies with the first and verify with all', () => {
    assert.deepEqual(during.cookieKeys, [...after.cookieKeys, ...before.cookieKeys]);
  });

  it('hash persons with the first, and return the hashes of the others', () => {
    assert.equal(during.personHash(person), after.personHash(person));
    assert.deepEqual(during.otherPersonHashes(person), [before.personHash(person)]);
    assert.deepEqual(before.otherPersonHashes(person), []);
    assert.equal(during.pseudonym(person), after.pseudonym(person));
  });

  it('return the pairwise key of the value that sealed a record', () => {
    const key = before.derivedPairwiseKey(before.seal('a', 'place'));
    assert.deepEqual(during.derivedPairwiseKey(before.seal('a', 'place')), key);
    assert.notDeepEqual(during.derivedPairwiseKey(during.seal('a', 'place')), key);
    assert.throws(() => after.derivedPairwiseKey(before.seal('a', 'place')), SealError);
  });
});
