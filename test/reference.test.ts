import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { newReference, parseReference, referenceOf } from '../src/reference.ts';

const FORM = /^[2-9A-HJ-NP-TV-Z]{4}-[2-9A-HJ-NP-TV-Z]{4}$/;

describe('a reference', () => {
  it('is eight characters without look-alikes, the same each time for an attempt, and another for each request', () => {
    const attempt = randomUUID();
    assert.match(referenceOf(attempt), FORM);
    assert.equal(referenceOf(attempt), referenceOf(attempt));
    const many = Array.from({ length: 10_000 }, newReference);
    assert.ok(many.every((reference) => FORM.test(reference)));
    assert.ok(new Set(many).size >= 9_999);
    const attempts = Array.from({ length: 10_000 }, (_, index) => referenceOf(`attempt ${index}`));
    assert.ok(new Set(attempts).size >= 9_999);
  });

  it('does not change between releases', () => {
    assert.equal(referenceOf('3b0fc9a4-5e0b-4a39-8a52-0f6d7c3f8f10'), '3T6X-DE49');
  });

  it('is read in either case, with any separators', () => {
    const reference = newReference();
    const [first = '', second = ''] = reference.split('-');
    for (const typed of [`${first}${second}`, `${first} ${second}`.toLowerCase(), ` ${first}-${second} `]) {
      assert.equal(parseReference(typed), reference);
    }
  });

  it('is refused with one wrong character, or with two in the wrong order', () => {
    for (let turn = 0; turn < 50; turn++) {
      const characters = newReference().replace('-', '').split('');
      for (let at = 0; at < characters.length; at++) {
        for (const wrong of '23456789ABCDEFGHJKLMNPQRSTVWXYZ01IOU') {
          const typed = characters.with(at, wrong).join('');
          if (wrong !== characters[at]) assert.equal(parseReference(typed), undefined, typed);
        }
        for (let other = at + 1; other < characters.length; other++) {
          const [a = '', b = ''] = [characters[at], characters[other]];
          if (a !== b)
            assert.equal(parseReference(characters.with(at, b).with(other, a).join('')), undefined);
        }
      }
    }
    for (const typed of ['', 'K7Q4', `${newReference()}2`, 'K7Q4-M2X'])
      assert.equal(parseReference(typed), undefined);
  });
});
