import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Context } from 'koa';
import { uiLocalesOf } from '../../../src/oidc/interaction/ui-locales.ts';

describe('ui_locales', () => {
  for (const [title, ctx, locales] of [
    [
      'of a request, in order of preference',
      { oidc: { params: { ui_locales: 'et-EE  lv en' } } },
      ['et-EE', 'lv', 'en'],
    ],
    ['of a request without them: none', { oidc: { params: {} } }, []],
    ['of a request that could not be parsed: none', { oidc: {} }, []],
    ['of a request outside of OpenID Connect: none', {}, []],
    ['of a request with two ui_locales: none', { oidc: { params: { ui_locales: ['et', 'lv'] } } }, []],
  ] as const) {
    it(`are those ${title}`, () => {
      assert.deepEqual(uiLocalesOf(ctx as unknown as Context), locales);
    });
  }
});
