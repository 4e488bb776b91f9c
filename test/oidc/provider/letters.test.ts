import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as openid from 'openid-client';
import { loginResultOf } from '../../../src/login/login-result.ts';
import type { Store } from '../../../src/store/store.ts';
import { anAuthenticatedPerson } from '../../support/answers/authentications.ts';
import { openTestStore } from '../../support/database.ts';
import { type Bridge, relyingParty, startBridge, tokensOf } from '../../support/oidc-bridge.ts';

/** The Unicode blocks that contain Europe's letters. */
const BLOCKS: Readonly<Record<string, readonly [first: number, last: number]>> = {
  'Latin-1': [0x00c0, 0x00ff],
  'Latin Extended-A': [0x0100, 0x017f],
  'Latin Extended-B': [0x0180, 0x024f],
  'Latin Extended Additional': [0x1e00, 0x1eff],
  Greek: [0x0370, 0x03ff],
  'Greek Extended': [0x1f00, 0x1fff],
  Cyrillic: [0x0400, 0x04ff],
  'Cyrillic Supplement': [0x0500, 0x052f],
  Armenian: [0x0530, 0x058f],
  Georgian: [0x10a0, 0x10ff],
};
const LETTERS_OF_A_NAME = 40;

let store: Store;
let bridge: Bridge;
let config: openid.Configuration;

before(async () => {
  store = await openTestStore();
  bridge = await startBridge({ stores: store });
  config = await relyingParty(bridge);
});
after(async () => {
  await bridge.close();
  await store.close();
});

describe('a name from the certificate in the ID token', () => {
  for (const [block, [first, last]] of Object.entries(BLOCKS)) {
    it(`has every letter of ${block}`, async () => {
      const letters = Array.from({ length: last - first + 1 }, (_, index) =>
        String.fromCodePoint(first + index),
      );
      const names = chunks(letters.filter((letter) => /\p{L}/u.test(letter)));
      assert.ok(names.length > 0);
      for (const name of names)
        await assertNamed({ surname: name, givenName: Array.from(name).reverse().join('') });
    });
  }

  for (const [surname, givenName] of [
    ["O'CONNEŽ-ŠUSLIK", 'MARY ÄNN'],
    ['O’CONNEŽ‐ŠUSLIK', 'D’ARTAGNAN'],
    ['ʼT HOOFT', 'PAʻAHANA'],
    ['VAN DER BROECK‑DE LA TOUR D’AUVERGNE', 'JEAN–LUC'],
    ['COL·LELL', 'MARÇAL'],
    ['DVOŘÁK ml.', 'ANTONÍN, JR'],
    ['ŠŤASTNÝ "BOB"', '<b>&amp;</b>'],
    ['İPEKÇİ', 'IŞIL'],
    ['WEIẞ', 'ﬁlip'],
    ['ЇЖАКЕВИЧ', 'ЄВГЕНІЯ Ґ’'],
    ['ΠΑΠΑΔΌΠΟΥΛΟΣ', 'ΓΙΏΡΓΟΣ'],
    ['Ⅷ № 1', '\u{1d4d0}\u{20000}'],
  ] as const) {
    it(`is unchanged: ${givenName} ${surname}`, () => assertNamed({ surname, givenName }));
  }

  it('has decomposed letters in composed form (NFC)', async () => {
    for (const name of ['ÕUNAPUU', 'ŽUKAUSKAITĖ', 'ĶĒNIŅŠ', 'ЙОСИФ', 'Ά', 'NGUYỄN']) {
      const decomposed = name.normalize('NFD');
      assert.notEqual(decomposed, name);
      await assertNamed({ surname: decomposed, givenName: name });
    }
  });

  it('keeps combining marks that have no composed form', () =>
    assertNamed({ surname: 'M̃ARA̱', givenName: 'Р\u0301УТА' }));
});

/** Logs in a person with this name, and asserts that the claims contain it in NFC. */
async function assertNamed(name: { surname: string; givenName: string }): Promise<void> {
  const login = loginResultOf(await anAuthenticatedPerson({ certificate: name }), 'attempt', Date.now());
  const tokens = await tokensOf(bridge, config, { scope: 'openid profile' }, login);
  const [givenName, surname] = [name.givenName.normalize('NFC'), name.surname.normalize('NFC')];
  const expected = { given_name: givenName, family_name: surname, name: `${givenName} ${surname}` };
  for (const claims of [
    tokens.claims(),
    await openid.fetchUserInfo(config, tokens.access_token, login.person.semanticsIdentifier),
  ]) {
    assert.ok(claims);
    const { given_name, family_name, name: whole } = claims;
    assert.deepEqual({ given_name, family_name, name: whole }, expected);
  }
}

/** Splits letters into names that begin and end with a letter. */
function chunks(letters: readonly string[]): string[] {
  const names: string[] = [];
  for (let at = 0; at < letters.length; at += LETTERS_OF_A_NAME) {
    names.push(letters.slice(at, at + LETTERS_OF_A_NAME).join(''));
  }
  return names;
}
