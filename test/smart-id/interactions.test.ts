import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  decodeInteractions,
  deviceLinkInteractions,
  encodeInteractions,
  notificationInteractions,
  notificationInteractionsV2,
} from '../../src/smart-id/interactions.ts';

describe('interactions of a device-link session', () => {
  it('begin with displayTextAndPIN for a short text', () => {
    assert.deepEqual(deviceLinkInteractions('Log in to Sample app'), [
      { type: 'displayTextAndPIN', displayText60: 'Log in to Sample app' },
      { type: 'confirmationMessage', displayText200: 'Log in to Sample app' },
    ]);
  });

  it('begin with confirmationMessage for a longer text', () => {
    const text = 'Log in to the citizens’ portal of the municipality of Võru and its surrounding parishes';
    assert.deepEqual(deviceLinkInteractions(text), [
      { type: 'confirmationMessage', displayText200: text },
      {
        type: 'displayTextAndPIN',
        displayText60: 'Log in to the citizens’ portal of the municipality of Võru…',
      },
    ]);
  });

  it('keep a text of 60 characters, and cut one of 61', () => {
    assert.equal(shortText('x'.repeat(60)), 'x'.repeat(60));
    assert.equal(shortText('x'.repeat(61)), `${'x'.repeat(59)}…`);
  });

  it('keep a word that ends exactly at the limit', () => {
    assert.equal(shortText(`${'x'.repeat(50)} 12345678 more`), `${'x'.repeat(50)} 12345678…`);
    assert.equal(shortText(`${'x'.repeat(50)} 123456789 more`), `${'x'.repeat(50)}…`);
  });

  it('count and cut by code points, not by UTF-16 units', () => {
    assert.equal(shortText('🔑'.repeat(60)), '🔑'.repeat(60));
    assert.equal(shortText('🔑'.repeat(61)), `${'🔑'.repeat(59)}…`);
  });

  it('replace line breaks and other white space with single spaces', () => {
    assert.equal(shortText('  Log in\r\n\tto\u0000 Sample app '), 'Log in to Sample app');
  });

  it('leave out what cannot be seen or turns the direction of text', () => {
    assert.equal(shortText('\ufeffLog\u200b in to \u202eSample\u2060 app\u3164'), 'Log in to Sample app');
    assert.throws(() => shortText('\u2060 \u3164'), RangeError);
  });

  it('add details to the long text, and drop them rather than cut either', () => {
    const longOf = (text: string) => deviceLinkInteractions(text, '(Firefox, Windows)').at(-1);
    assert.deepEqual(longOf('Log in'), {
      type: 'confirmationMessage',
      displayText200: 'Log in (Firefox, Windows)',
    });
    const [text181, text182] = ['x'.repeat(59), 'x'.repeat(60)].map((end) => `${'x'.repeat(121)} ${end}`);
    const shown = [text181, text182].map((text = '') => {
      const [first] = deviceLinkInteractions(text, '(Firefox, Windows)');
      return first && 'displayText200' in first ? first.displayText200 : undefined;
    });
    assert.deepEqual(shown, [`${text181} (Firefox, Windows)`, text182]);
    assert.equal(shown[0]?.length, 200);
  });

  it('refuse a blank text', () => {
    for (const blank of ['', ' ', '\n\t']) assert.throws(() => deviceLinkInteractions(blank), RangeError);
  });

  it('contain each type once, with a prefix of the text within its limit', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zõ🔑]{1,70}( [a-zõ🔑]{1,70}){0,5}$/u), (text) => {
        const interactions = deviceLinkInteractions(text);
        assert.deepEqual(interactions.map(({ type }) => type).sort(), [
          'confirmationMessage',
          'displayTextAndPIN',
        ]);
        for (const interaction of interactions) {
          const [shown, limit] =
            'displayText60' in interaction
              ? [interaction.displayText60, 60]
              : [interaction.displayText200, 200];
          assert.ok(shown.length > 0 && Array.from(shown).length <= limit);
          assert.ok(shown === text || (shown.endsWith('…') && text.startsWith(shown.slice(0, -1))));
        }
      }),
    );
  });
});

describe('interactions of a notification session', () => {
  const TEXT = 'Log in to Sample app';

  it('equal those of a device-link session for a known browser, in both versions of the RP API', () => {
    for (const make of [notificationInteractions, notificationInteractionsV2]) {
      assert.deepEqual(make(TEXT, { knownBrowser: true }), deviceLinkInteractions(TEXT));
    }
  });

  it('begin with the choice of the code for an unknown browser', () => {
    assert.deepEqual(notificationInteractions(TEXT, { knownBrowser: false }), [
      { type: 'confirmationMessageAndVerificationCodeChoice', displayText200: TEXT },
      ...deviceLinkInteractions(TEXT),
    ]);
    assert.deepEqual(notificationInteractionsV2(TEXT, { knownBrowser: false }), [
      { type: 'confirmationMessageAndVerificationCodeChoice', displayText200: TEXT },
      { type: 'verificationCodeChoice', displayText60: TEXT },
      ...deviceLinkInteractions(TEXT),
    ]);
  });

  it('cut the text to the limit of each type, and contain each type once', () => {
    const interactions = notificationInteractionsV2('x'.repeat(300), { knownBrowser: false });
    assert.equal(new Set(interactions.map(({ type }) => type)).size, 4);
    for (const interaction of interactions) {
      const [shown, limit] =
        'displayText60' in interaction ? [interaction.displayText60, 60] : [interaction.displayText200, 200];
      assert.equal(shown.length, limit);
    }
  });

  it('say more on the screen with the choice of the code', () => {
    for (const make of [notificationInteractions, notificationInteractionsV2]) {
      const [first] = make(TEXT, { knownBrowser: false, displayDetails: '(Firefox, Windows)' });
      assert.deepEqual(first, {
        type: 'confirmationMessageAndVerificationCodeChoice',
        displayText200: `${TEXT} (Firefox, Windows)`,
      });
    }
  });

  it('refuse a blank text', () => {
    for (const make of [notificationInteractions, notificationInteractionsV2]) {
      for (const knownBrowser of [true, false]) assert.throws(() => make(' ', { knownBrowser }), RangeError);
    }
  });

  it('are only those that show a text whole, where it must not be cut', () => {
    const whole = { knownBrowser: false, wholeText: true };
    const types = (text: string, make = notificationInteractions) =>
      make(text, whole).map(({ type }) => type);
    const long = ['confirmationMessageAndVerificationCodeChoice', 'confirmationMessage'];
    assert.deepEqual(types('x'.repeat(61)), long);
    assert.deepEqual(types('x'.repeat(61), notificationInteractionsV2), long);
    assert.deepEqual(types('x'.repeat(60)), [long[0], 'displayTextAndPIN', long[1]]);
    for (const make of [notificationInteractions, notificationInteractionsV2]) {
      for (const knownBrowser of [true, false])
        assert.throws(() => make('x'.repeat(201), { knownBrowser, wholeText: true }), RangeError);
    }
  });

  it('are decoded without change', () => {
    const interactions = notificationInteractionsV2(TEXT, { knownBrowser: false });
    assert.deepEqual(decodeInteractions(encodeInteractions(interactions)), interactions);
  });
});

describe('encoded interactions', () => {
  it('are the standard Base64 of minified JSON', () => {
    const encoded = encodeInteractions(deviceLinkInteractions('Logi sisse: Õpetajate Leht >>>???'));
    assert.match(encoded, /^[A-Za-z0-9+/]+={0,2}$/);
    assert.equal(
      Buffer.from(encoded, 'base64').toString('utf8'),
      '[{"type":"displayTextAndPIN","displayText60":"Logi sisse: Õpetajate Leht >>>???"},' +
        '{"type":"confirmationMessage","displayText200":"Logi sisse: Õpetajate Leht >>>???"}]',
    );
  });

  it('are decoded without change', () => {
    const interactions = deviceLinkInteractions('Log in to Sample app');
    assert.deepEqual(decodeInteractions(encodeInteractions(interactions)), interactions);
  });

  it('of SK’s example are decoded', () => {
    const encoded =
      'W3sidHlwZSI6ImNvbmZpcm1hdGlvbk1lc3NhZ2UiLCJkaXNwbGF5VGV4dDIwMCI6IkxvbmdlciBkZXNjcmlwdGlvbiBvZiB0aGUgdHJhbnNhY3' +
      'Rpb24gY29udGV4dCJ9LHsidHlwZSI6ImRpc3BsYXlUZXh0QW5kUElOIiwiZGlzcGxheVRleHQ2MCI6IlNob3J0IGRlc2NyaXB0aW9uIG9mIHRo' +
      'ZSB0cmFuc2FjdGlvbiBjb250ZXh0In1d';
    assert.deepEqual(
      decodeInteractions(encoded).map(({ type }) => type),
      ['confirmationMessage', 'displayTextAndPIN'],
    );
  });

  it('are refused if malformed', () => {
    for (const text of [
      '',
      'null',
      '[]',
      '[{"type":"somethingElse","displayText60":"x"}]',
      '[{"type":"confirmationMessage"}]',
    ]) {
      assert.throws(() => decodeInteractions(Buffer.from(text).toString('base64')));
    }
  });
});

function shortText(text: string): string {
  const short = deviceLinkInteractions(text).find((interaction) => interaction.type === 'displayTextAndPIN');
  assert.ok(short);
  return short.displayText60;
}
