import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { documentationOf, fixedReason } from '../../src/oidc/refusal-guidance.ts';

const ROOT = join(import.meta.dirname, '..', '..');

describe('the reason of a refusal', () => {
  for (const sentence of [
    'client is invalid',
    "redirect_uri did not match any of the client's registered redirect_uris",
    "missing required parameter 'redirect_uri'",
    "missing required parameters 'client_id', 'response_type', and 'scope'",
    "'state' and 'nonce' parameters must not be provided twice",
    'authorization request has expired',
    'could not validate Request Object',
  ])
    it(`is shown: ${sentence}`, () => {
      assert.equal(fixedReason(sentence), sentence);
    });

  for (const sentence of [
    undefined,
    '',
    '40504040001 is not valid',
    "missing required parameter '<b>x</b>'",
    'client is invalid: 40504040001',
    'x\nclient is invalid',
  ])
    it(`is left out if it is not one of the fixed sentences: ${JSON.stringify(sentence)}`, () => {
      assert.equal(fixedReason(sentence), undefined);
    });
});

describe('the section of the documentation', () => {
  it('exists for every refusal', () => {
    const sections = [
      documentationOf('login', 'invalid_client'),
      documentationOf('login', 'invalid_redirect_uri'),
      documentationOf('logout', 'invalid_request'),
    ];
    assert.equal(new Set(sections).size, 3);
    for (const section of sections) {
      const [file = '', anchor] = section.split('#');
      const headings = [...readFileSync(join(ROOT, file), 'utf8').matchAll(/^## (.+)$/gm)];
      const anchors = headings.map(([, heading = '']) => heading.toLowerCase().replaceAll(' ', '-'));
      assert.ok(anchors.includes(anchor ?? ''), section);
    }
  });
});
