import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Language, LANGUAGES } from '../../../src/config/languages.ts';
import { CATALOGUES, ENDONYMS } from '../../../src/web/messages/languages.ts';
import { type PluralText, retryText, secondsText } from '../../../src/web/messages/messages.ts';
import { isPlural, MARKER, textsOf } from '../../support/catalogue-texts.ts';

const english = textsOf(CATALOGUES.en);
const translations: readonly Language[] = LANGUAGES.filter((language) => language !== 'en');

describe('the catalogues', () => {
  for (const language of LANGUAGES) {
    it(`${language}: names its language`, () => {
      assert.equal(CATALOGUES[language].language, language);
    });

    it(`${language}: has no empty text, and none with an unfilled placeholder`, () => {
      for (const { path, text } of textsOf(CATALOGUES[language])) {
        assert.match(text, /\p{L}/u, path);
        assert.equal(text, text.trim(), path);
        assert.doesNotMatch(text, /\{(?!seconds\}|when\})|undefined|\[object|TODO|\\u/, path);
      }
    });

    it(`${language}: says when to try again in seconds, minutes or hours, never too early`, () => {
      for (const [seconds, number, unit] of [
        [1, 1, 'second'],
        [119, 119, 'second'],
        [120, 2, 'minute'],
        [121, 3, 'minute'],
        [3_600, 60, 'minute'],
        [7_201, 3, 'hour'],
      ] as const) {
        const text = retryText(CATALOGUES[language], seconds);
        assert.match(text, new RegExp(`\\b${number}\\b`));
        assert.ok(text.includes(new Intl.RelativeTimeFormat(language).format(number, unit)), text);
        assert.doesNotMatch(text, /[{}]/);
      }
    });

    it(`${language}: has its own quotation marks and apostrophes`, () => {
      for (const { path, text } of textsOf(CATALOGUES[language])) assert.doesNotMatch(text, /['"`]/, path);
    });

    it(`${language}: has no invisible characters`, () => {
      for (const { path, text } of textsOf(CATALOGUES[language])) assert.doesNotMatch(text, /\p{C}/u, path);
    });

    it(`${language}: fits the short screen of the app with a name of 20 characters`, () => {
      const { appText, appTextUnknownBrowser } = CATALOGUES[language];
      for (const textOf of [appText, appTextUnknownBrowser]) assert.ok(textOf('x'.repeat(20)).length <= 60);
    });

    it(`${language}: explains the code in at most four lines on a phone`, () => {
      assert.ok(CATALOGUES[language].wait.lead.length <= 130);
    });

    it(`${language}: has exactly the plural forms of the language`, () => {
      const rules = new Intl.PluralRules(language);
      const needed = new Set(Array.from({ length: 121 }, (_, seconds) => rules.select(seconds)));
      const plurals = pluralsOf(CATALOGUES[language]);
      assert.ok(plurals.length > 0);
      for (const { path, forms } of plurals) {
        for (const category of needed) assert.ok(forms[category] !== undefined, `${path}.${category}`);
        for (const [category, form] of Object.entries(forms)) {
          assert.ok(rules.resolvedOptions().pluralCategories.includes(category as Intl.LDMLPluralRule), path);
          assert.equal(form.split('{seconds}').length, 2, `${path}.${category}`);
        }
        for (const seconds of [0, 1, 2, 5, 11, 21, 22, 60, 90]) {
          assert.match(
            secondsText(CATALOGUES[language], forms, seconds),
            new RegExp(`\\b${seconds}\\b`),
            path,
          );
        }
      }
    });
  }

  for (const language of translations) {
    it(`${language}: has the same entries as English`, () => {
      assert.deepEqual(shapeOf(CATALOGUES[language]), shapeOf(CATALOGUES.en));
    });

    it(`${language}: names the client wherever English does`, () => {
      const texts = new Map(textsOf(CATALOGUES[language]).map(({ path, text }) => [path, text]));
      for (const { path, text } of english) {
        assert.equal(texts.get(path)?.includes(MARKER), text.includes(MARKER), path);
      }
    });

    it(`${language}: has no English text`, () => {
      const texts = new Map(textsOf(CATALOGUES[language]).map(({ path, text }) => [path, text]));
      const left = english.filter(({ path, text }) => texts.get(path) === text).map(({ path }) => path);
      assert.deepEqual(left, []);
    });
  }

  it('fr: keeps high punctuation on the line of its word', () => {
    for (const { path, text } of textsOf(CATALOGUES.fr)) {
      assert.doesNotMatch(text, /(?<!\u00a0)[:;?!»]|«(?!\u00a0)/u, path);
    }
  });

  it('lv, lt, ru: address the person with a capital letter', () => {
    for (const language of ['lv', 'lt', 'ru'] as const) {
      for (const { path, text } of textsOf(CATALOGUES[language])) {
        assert.doesNotMatch(text, /(?<!\p{L})(вы|вас|вам|вами|ваш\p{L}*|jūs\p{L}*)(?!\p{L})/u, path);
      }
    }
  });

  it('are in their own script', () => {
    for (const language of LANGUAGES) {
      for (const { path, text } of textsOf(CATALOGUES[language])) {
        assert.equal(/\p{Script=Cyrillic}/u.test(text), language === 'ru', `${language}: ${path}`);
      }
    }
  });

  it('have their own names', () => {
    for (const language of LANGUAGES) {
      const name = new Intl.DisplayNames(language, { type: 'language' }).of(language) ?? '';
      // Lithuanian and Latvian name a language in the genitive, as "lietuvių (kalba)".
      assert.equal(ENDONYMS[language].toLocaleLowerCase(language), name.toLocaleLowerCase(language));
    }
  });
});

function pluralsOf(value: unknown, path = ''): { path: string; forms: PluralText }[] {
  if (typeof value !== 'object' || value === null) return [];
  if (isPlural(value)) return [{ path, forms: value }];
  return Object.entries(value).flatMap(([key, member]) => pluralsOf(member, `${path}.${key}`));
}

/** The paths of all entries with their types; a boolean with its value, since it changes the page and is not a text. */
function shapeOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return typeof value === 'boolean' ? value : typeof value;
  if (isPlural(value)) return 'plural';
  const members = Object.entries(value).map(([key, member]) => [key, shapeOf(member)] as const);
  return Object.fromEntries(members.sort(([one], [other]) => (one < other ? -1 : 1)));
}
