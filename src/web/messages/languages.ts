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

/** All texts, by language. */
export const CATALOGUES: Readonly<Record<Language, Messages>> = { et, lv, lt, en, ru, nl, fr, de };

/** The name of each language in itself, as the footer shows it. */
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

/** The language of a BCP 47 tag, if it is supported. */
export function spokenLanguage(tag: string | undefined): Language | undefined {
  return LANGUAGES.find((language) => language === tag);
}
