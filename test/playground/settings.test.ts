import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  DEFAULTS,
  formOf,
  parametersOf,
  type SettingName,
  settingsOf,
} from '../../src/playground/settings.ts';

const form = (text: string) => new URLSearchParams(text);

describe('the form of the playground', () => {
  it('has defaults that Sild accepts', () => {
    assert.deepEqual(settingsOf(form('')), { settings: DEFAULTS, problems: {} });
    assert.equal(DEFAULTS.pkce, true);
    assert.deepEqual(parametersOf(DEFAULTS), { response_type: 'code', scope: 'openid profile identity' });
  });

  it('reads several scopes, each once, and what is not checked is off', () => {
    const { settings } = settingsOf(form('client=playground&scope=openid&scope=age&scope=openid'));
    assert.deepEqual(settings.scope, ['openid', 'age']);
    assert.equal(settings.pkce, false);
  });

  const WRONG: readonly (readonly [SettingName, string])[] = [
    ['client', 'sample-app'],
    ['scope', 'email'],
    ['claims', '{'],
    ['claims', '[]'],
    ['claims', `{"a":"${'x'.repeat(4_000)}"}`],
    ['prompt', 'create'],
    ['acr_values', 'high'],
    ['service', 'nobody'],
    ['response_mode', 'jwt'],
    ['login_hint', 'x'.repeat(201)],
    ['max_age', '1'.repeat(201)],
    ['ui_locales', 'e'.repeat(201)],
  ];
  for (const [name, value] of WRONG) {
    it(`refuses ${name}=${value.slice(0, 20)}, and names the field`, () => {
      assert.deepEqual(Object.keys(settingsOf(new URLSearchParams({ [name]: value })).problems), [name]);
    });
  }

  it('keeps a wrong text, to be mended, and the other fields', () => {
    const { settings } = settingsOf(form('claims={&login_hint=PNOEE-1&par=1'));
    assert.equal(settings.claims, '{');
    assert.equal(settings.login_hint, 'PNOEE-1');
    assert.equal(settings.par, true);
  });

  it('is an address that fills it again', () => {
    const { settings } = settingsOf(
      form('client=playground-fapi&scope=openid&scope=age&par=1&dpop=1&prompt=login&max_age=5&claims={}'),
    );
    assert.deepEqual(settingsOf(formOf(settings)).settings, settings);
  });
});
