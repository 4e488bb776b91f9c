/** The rules of docs/translating.md for each language: words, quotation marks, and the length of what the app shows. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { type Language, LANGUAGES } from '../../../src/config/languages.ts';
import { notificationInteractionsV2 } from '../../../src/smart-id/interactions.ts';
import { CATALOGUES } from '../../../src/web/messages/languages.ts';
import { textsOf } from '../../support/catalogue-texts.ts';

const guide = readFileSync(new URL('../../../docs/translating.md', import.meta.url), 'utf8');
const views = new URL('../../../views/', import.meta.url);

const QUOTES: Readonly<Record<Language, string>> = {
  et: '„“',
  lv: '„”',
  lt: '„“',
  en: '“”',
  ru: '«»',
  nl: '“”',
  fr: '«»',
  de: '„“',
};

/** The longest name that a client can have, and the longest text of its own. */
const LONGEST_NAME = `${'Ministeerium '.repeat(7)}amet12345`;
const LONGEST_TEXT = 'Sisene '.repeat(29).slice(0, 200);

describe('the glossary', () => {
  it('has a table for each language, with words that no text may have', () => {
    for (const language of LANGUAGES) assert.ok(neverIn(language).length >= 5, language);
  });

  for (const language of LANGUAGES) {
    it(`${language}: no text has a word that it excludes`, () => {
      const found = neverIn(language).flatMap((word) =>
        textsOf(CATALOGUES[language])
          .filter(({ text }) => startsAWord(word, text))
          .map(({ path }) => `${path}: ${word}`),
      );
      assert.deepEqual(found, []);
    });
  }

  it('would notice an excluded word', () => {
    for (const [word, text, found] of [
      ['skanni', 'Skannige QR-kood', true],
      ['skanni', 'Ära Skanni', true],
      ['renew', 'to prenew', false],
      ['PIN1 ', 'Sisestage PIN1 ja', true],
      ['PIN1 ', 'Sisestage PIN1-kood', false],
      [' Smart-ID', 'Atidarykite Smart-ID programėlę', true],
      [' Smart-ID', 'Atidarykite „Smart-ID“ programėlę', false],
    ] as const) {
      assert.equal(startsAWord(word, text), found, `${word} in ${text}`);
    }
  });
});

describe('quotation marks', () => {
  for (const language of LANGUAGES) {
    it(`${language}: are those of the language, in pairs`, () => {
      const [open = '', close = ''] = QUOTES[language];
      for (const { path, text } of textsOf(CATALOGUES[language])) {
        const marks = text.match(/[„“”«»‚‘‹›"]/g) ?? [];
        marks.forEach((mark, index) => {
          assert.equal(mark, index % 2 === 0 ? open : close, path);
        });
        assert.equal(marks.length % 2, 0, path);
      }
    });
  }
});

describe('quotations', () => {
  for (const language of LANGUAGES) {
    it(`${language}: are names of our own buttons, as they are written there, but for the button of the app`, () => {
      const [open = '', close = ''] = QUOTES[language];
      const texts = textsOf(CATALOGUES[language]);
      const own = new Set(texts.map(({ text }) => text));
      const unknown = texts
        .filter(({ path }) => path !== 'methods.steps.1')
        .flatMap(({ text }) => text.match(new RegExp(`(?<=${open})[^${close}]+(?=${close})`, 'g')) ?? [])
        // Of a client whose name is filled in, and in Lithuanian the brand.
        .filter((quoted) => !own.has(quoted.trim()) && !/^(Smart-ID|⟦)/.test(quoted.trim()));
      assert.deepEqual(unknown, []);
    });
  }
});

describe('punctuation', () => {
  it('is in the texts and not in the templates, since French has a space before it', () => {
    for (const view of ['layout.njk', ...readNames('pages/'), ...readNames('partials/')]) {
      assert.doesNotMatch(readFileSync(new URL(view, views), 'utf8'), /\}\}\s*[:;?!](?! url=)/, view);
    }
  });

  it('ends the labels that stand before a value', () => {
    for (const language of LANGUAGES) {
      const { wait, action } = CATALOGUES[language];
      for (const label of [wait.code, action.reference]) assert.match(label, /\S\u00a0?:$/, language);
    }
  });
});

describe('the text in the app', () => {
  const shownFor = (text: string, displayDetails?: string) =>
    notificationInteractionsV2(text, { knownBrowser: false, displayDetails }).map((interaction) =>
      'displayText60' in interaction
        ? { limit: 60, shown: interaction.displayText60 }
        : { limit: 200, shown: interaction.displayText200 },
    );

  for (const language of LANGUAGES) {
    const { appText, appTextUnknownBrowser, ownTextUnknownBrowser, unknownBrowser } = CATALOGUES[language];
    const details = unknownBrowser('Samsung Internet, Android');
    const warning = appTextUnknownBrowser('X')
      .replace(/\u00a0/g, ' ')
      .replace(/\.[^.]*$/, '.');

    it(`${language}: warns first, and the warning is whole with the longest name and text`, () => {
      assert.match(warning, /\?.*\.$/);
      assert.ok(
        ownTextUnknownBrowser('X')
          .replace(/\u00a0/g, ' ')
          .startsWith(warning),
      );
      for (const text of [appTextUnknownBrowser(LONGEST_NAME), ownTextUnknownBrowser(LONGEST_TEXT)]) {
        for (const { shown, limit } of shownFor(text, details)) {
          assert.ok(shown.startsWith(warning), shown);
          assert.ok(shown.length > warning.length + 1 && shown.length <= limit, shown);
        }
      }
    });

    it(`${language}: has the longest name and the browser whole in 200 characters`, () => {
      const [first] = shownFor(appTextUnknownBrowser(LONGEST_NAME), details);
      assert.equal(LONGEST_NAME.length, 100);
      assert.ok(
        first?.shown.includes(LONGEST_NAME) &&
          first.shown.endsWith('(' + details.slice(1).replace(/\u00a0/g, ' ')),
      );
    });

    it(`${language}: is whole in 60 characters with a name of 20`, () => {
      for (const textOf of [appText, appTextUnknownBrowser]) {
        const name = 'x'.repeat(20);
        for (const { shown } of shownFor(textOf(name))) assert.ok(shown.includes(name), shown);
      }
    });
  }
});

/** The words of the column “Never” in the glossary of a language. */
function neverIn(language: Language): string[] {
  const [, section = ''] = guide.split(`\n### ${language}: `);
  const [table = ''] = section.split('\n## ')[0]?.split('\n### ') ?? [];
  return table
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .flatMap((line) =>
      Array.from((line.split(' | ')[2] ?? '').matchAll(/`([^`]+)`/g), ([, word = '']) => word),
    );
}

function startsAWord(word: string, text: string): boolean {
  const escaped = word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const start = /^\p{L}/u.test(word) ? '(?<!\\p{L})' : '';
  return new RegExp(`${start}${escaped}`, 'iu').test(` ${text}`);
}

function readNames(folder: string): string[] {
  return readdirSync(new URL(folder, views)).map((name) => `${folder}${name}`);
}
