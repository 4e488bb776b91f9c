import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createSecrets, SealError } from '../../src/secrets/secrets.ts';

const KEY = 'an example of a secret key, long enough';
const secrets = createSecrets(KEY);

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
