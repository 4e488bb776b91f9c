import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Agent } from 'undici';
import { endpoint } from '../../../src/smart-id/rp-api/endpoint.ts';

const dispatcher = new Agent();

describe('the URL of an endpoint', () => {
  it('is below the base URL, with or without a trailing slash', () => {
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

  it('keeps input from a person within one segment', () => {
    const { href } = endpoint(
      { baseUrl: 'https://x.example/v3', dispatcher },
      'etsi',
      'PNOEE-1/../2?a=b#c%2f',
    );
    assert.equal(href, 'https://x.example/v3/etsi/PNOEE-1%2F..%2F2%3Fa%3Db%23c%252f');
  });

  it('refuses empty and dot segments', () => {
    for (const segment of ['', '.', '..']) {
      assert.throws(
        () => endpoint({ baseUrl: 'https://x.example/v3', dispatcher }, 'session', segment),
        RangeError,
      );
    }
  });
});
