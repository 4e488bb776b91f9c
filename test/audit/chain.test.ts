import assert from 'node:assert/strict';
import { createHmac, createSecretKey } from 'node:crypto';
import { describe, it } from 'node:test';
import type { AuditData, AuditEntry, AuditKeys } from '../../src/audit/audit-store.ts';
import { BEGINNING, canonicalOf, headOf, headText, linkOf } from '../../src/audit/chain.ts';

const KEYS: AuditKeys = {
  keyId: '1a2b3c4d',
  chain: createSecretKey(Buffer.alloc(32, 7)),
  pseudonym: createSecretKey(Buffer.alloc(32, 8)),
};
const ENTRY: AuditEntry = {
  at: 1_900_000_000_123,
  instance: 'an-instance',
  number: 3,
  event: 'login_failed',
  data: { person: '0011223344556677', code: 'timeout', milliseconds: 90_000, flows: ['qr', 'code'] },
};

describe('the canonical form of a row', () => {
  it('never changes, since stored hashes depend on it', () => {
    assert.equal(
      canonicalOf(41, KEYS.keyId, ENTRY),
      '[41,"1a2b3c4d",1900000000123,"an-instance",3,"login_failed",' +
        '[["code","timeout"],["flows",["qr","code"]],["milliseconds",90000],["person","0011223344556677"]]]',
    );
  });

  it('does not depend on the order in which the database returns members', () => {
    const turned = Object.fromEntries(Object.entries(ENTRY.data).reverse()) as AuditData;
    assert.equal(canonicalOf(1, 'k', { ...ENTRY, data: turned }), canonicalOf(1, 'k', ENTRY));
  });

  const changes: [string, Partial<AuditEntry>][] = [
    ['its time', { at: ENTRY.at + 1 }],
    ['its instance', { instance: 'another' }],
    ['its number', { number: 4 }],
    ['its event', { event: 'login_finished' }],
    ['a value', { data: { ...ENTRY.data, code: 'user_refused' } }],
    ['the name of a member', { data: { persan: '0011223344556677' } }],
    ['a member more', { data: { ...ENTRY.data, screen: 'x' } }],
    ['the type of a value', { data: { ...ENTRY.data, milliseconds: '90000' } }],
    ['a list for its only word', { data: { ...ENTRY.data, code: ['timeout'] } }],
    ['where a list is cut', { data: { ...ENTRY.data, flows: ['qr,code'] } }],
  ];
  for (const [what, change] of changes) {
    it(`changes with ${what}`, () => {
      assert.notEqual(canonicalOf(1, 'k', { ...ENTRY, ...change }), canonicalOf(1, 'k', ENTRY));
    });
  }

  it('changes with the position and the key ID', () => {
    const forms = [canonicalOf(1, 'k', ENTRY), canonicalOf(2, 'k', ENTRY), canonicalOf(1, 'l', ENTRY)];
    assert.equal(new Set(forms).size, 3);
  });
});

describe('a link of the chain', () => {
  it('is HMAC-SHA-256 over the hash before and the canonical form', () => {
    const { hash } = linkOf({ position: 40, hash: 'before' }, ENTRY, KEYS);
    const text = `row\nbefore\n${canonicalOf(41, KEYS.keyId, ENTRY)}`;
    assert.equal(hash, createHmac('sha256', KEYS.chain).update(text).digest('base64url'));
  });

  it('begins at 1', () => {
    assert.equal(linkOf(BEGINNING, ENTRY, KEYS).position, 1);
  });
});

describe('the text form of a head', () => {
  it('is read back as it was written', () => {
    const head = linkOf({ position: 40, hash: 'before' }, ENTRY, KEYS);
    assert.deepEqual(headOf(headText(head)), head);
  });

  for (const text of [
    '',
    '41',
    '41.',
    `x.${'h'.repeat(43)}`,
    `-1.${'h'.repeat(43)}`,
    `41.${'h'.repeat(42)} `,
  ]) {
    it(`is not "${text}"`, () => {
      assert.equal(headOf(text), undefined);
    });
  }
});
