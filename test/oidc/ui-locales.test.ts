import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { uiLocalesOf } from '../../src/oidc/ui-locales.ts';

describe('ui_locales', () => {
  for (const [title, ctx, locales] of [
    [
      'of a request, in order of preference',
      { oidc: { params: { ui_locales: 'et-EE  lv en' } } },
      ['et-EE', 'lv', 'en'],
    ],
    ['of a request without them: none', { oidc: { params: {} }, query: {} }, []],
    ['of a request that could not be parsed: unknown', { oidc: {} }, undefined],
    ['of a request outside of OpenID Connect: unknown', {}, undefined],
    ['of a request with two ui_locales: none', { oidc: { params: { ui_locales: ['et', 'lv'] } } }, []],
    ['of its address before it is parsed', { query: { ui_locales: 'et' } }, ['et']],
    [
      'of its address if it has no such parameter',
      { oidc: { params: {} }, query: { ui_locales: 'et' } },
      ['et'],
    ],
    [
      'of a request object before those of its address',
      { oidc: { params: { ui_locales: 'lv' } }, query: { ui_locales: 'et' } },
      ['lv'],
    ],
    ['of an address with two ui_locales: unknown', { query: { ui_locales: ['et', 'lv'] } }, undefined],
  ] as const) {
    it(`are those ${title}`, () => {
      assert.deepEqual(uiLocalesOf(ctx), locales);
    });
  }
});
