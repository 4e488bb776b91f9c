import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isLoopbackUrl } from '../src/loopback-host.ts';

describe('a loopback address', () => {
  it('is distinguished from a public one', () => {
    for (const issuer of [
      'http://localhost:3000',
      'http://127.0.0.1',
      'http://[::1]:1',
      'http://a.localhost',
    ]) {
      assert.ok(isLoopbackUrl(issuer), issuer);
    }
    for (const issuer of [
      'http://localhost.example',
      'http://10.0.0.1',
      'http://127.0.0.1.example',
      'https://example.ee',
    ]) {
      assert.ok(!isLoopbackUrl(issuer), issuer);
    }
  });
});
