import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Agent } from 'undici';
import { endpoint } from '../../../src/smart-id/rp-api/endpoint.ts';

const dispatcher = new Agent();

describe('an endpoint’s address', () => {
  it('is under the base, with or without a slash at its end', () => {
    for (const baseUrl of [
      'https://rp-api.example/v3/',
      'https://rp-api.example/v3',
      new URL('https://rp-api.example/v3'),
    ]) {
      assert.equal(
        endpoint({ baseUrl, dispatcher }, 'session', 'x').href,
        'https://rp-api.example/v3/session/x',
      );
    }
    assert.equal(endpoint({ baseUrl: 'https://x.example', dispatcher }, 'a').href, 'https://x.example/a');
  });

  it('keeps what a person typed within its segment', () => {
    const { href } = endpoint(
      { baseUrl: 'https://x.example/v3', dispatcher },
      'etsi',
      'PNOEE-1/../2?a=b#c%2f',
    );
    assert.equal(href, 'https://x.example/v3/etsi/PNOEE-1%2F..%2F2%3Fa%3Db%23c%252f');
  });

  it('does not climb out of its place', () => {
    for (const segment of ['', '.', '..']) {
      assert.throws(
        () => endpoint({ baseUrl: 'https://x.example/v3', dispatcher }, 'session', segment),
        RangeError,
      );
    }
  });
});
