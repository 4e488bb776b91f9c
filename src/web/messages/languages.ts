import { type Language, LANGUAGES } from '../../config/languages.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { et } from './et.ts';
import { fr } from './fr.ts';
import { lt } from './lt.ts';
import { lv } from './lv.ts';
import type { Messages } from './messages.ts';
import { nl } from './nl.ts';
import { ru } from './ru.ts';

/** Every text, in every language. */
export const CATALOGUES: Readonly<Record<Language, Messages>> = { et, lv, lt, en, ru, nl, fr, de };

/** What each language calls itself: its name on a page in any other one. */
export const ENDONYMS: Readonly<Record<Language, string>> = {
  et: 'Eesti',
  lv: 'Latviešu',
  lt: 'Lietuvių',
  en: 'English',
  ru: 'Русский',
  nl: 'Nederlands',
  fr: 'Français',
  de: 'Deutsch',
};

/** The language of a tag, when Sild speaks it. */
export function spokenLanguage(tag: string | undefined): Language | undefined {
  return LANGUAGES.find((language) => language === tag);
}
