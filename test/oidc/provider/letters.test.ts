import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as openid from 'openid-client';
import { loginResultOf } from '../../../src/login/login-result.ts';
import type { Store } from '../../../src/store/store.ts';
import { anAuthenticatedPerson } from '../../support/answers/authentications.ts';
import { openTestStore } from '../../support/database.ts';
import { type Bridge, relyingParty, startBridge, tokensOf } from '../../support/oidc-bridge.ts';

/** Unicode's blocks in which the letters of Europe are. */
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

describe('from the certificate to the ID token', () => {
  for (const [block, [first, last]] of Object.entries(BLOCKS)) {
    it(`every letter of ${block} is kept`, async () => {
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
    it(`${givenName} ${surname} is kept`, () => assertNamed({ surname, givenName }));
  }

  it('letters that are composed of two come as the one that they are', async () => {
    for (const name of ['ÕUNAPUU', 'ŽUKAUSKAITĖ', 'ĶĒNIŅŠ', 'ЙОСИФ', 'Ά', 'NGUYỄN']) {
      const decomposed = name.normalize('NFD');
      assert.notEqual(decomposed, name);
      await assertNamed({ surname: decomposed, givenName: name });
    }
  });

  it('marks that no letter is composed with stay where they are', () =>
    assertNamed({ surname: 'M̃ARA̱', givenName: 'Р\u0301УТА' }));
});

/** A real login of somebody of this name, whose claims are of the same letters. */
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

/** Names that begin and end in a letter, each of so many. */
function chunks(letters: readonly string[]): string[] {
  const names: string[] = [];
  for (let at = 0; at < letters.length; at += LETTERS_OF_A_NAME) {
    names.push(letters.slice(at, at + LETTERS_OF_A_NAME).join(''));
  }
  return names;
}
