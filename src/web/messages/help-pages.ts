/**
 * Smart-ID's own pages about what an outcome asks for, by language. `sild doctor --links` checks that they are there. Where a
 * language has no page of its own for a topic, the link leads to Smart-ID's help in general, and says so.
 */
import type { Language } from '../../config/languages.ts';
import type { FailureCode, InteractionType } from '../../login/failure.ts';

export type HelpTopic = 'faq' | 'register' | 'upgrade' | 'pin';

const FAQ = 'https://www.smart-id.com/help/faq/';
const ET = 'https://www.smart-id.com/et/help/faq/';

export const HELP_PAGES: Readonly<Record<Language, Readonly<Partial<Record<HelpTopic, string>>>>> = {
  en: {
    faq: FAQ,
    register: `${FAQ}registering/registration-methods-for-smart-id`,
    upgrade: `${FAQ}update-your-smart-id/upgrading-your-smart-id-basic-account/`,
    pin: `${FAQ}pin-codes/what-to-do-when-you-ve-forgotten-your-pin-codes/`,
  },
  et: {
    faq: 'https://www.smart-id.com/et/abi/kkk/',
    pin: `${ET}pin-koodid/mida-teha-kui-oled-pin-koodid-unustanud/`,
  },
  lv: { faq: 'https://www.smart-id.com/lv/help/faq/' },
  lt: { faq: 'https://www.smart-id.com/lt/pagalba/duk/' },
  ru: { faq: 'https://www.smart-id.com/ru/spravka/voprosy-otvety/' },
  nl: {},
  fr: { faq: 'https://smart-id.be/fr/questions-frequemment-posees/' },
  de: {},
};

/** What the help of an outcome is about; undefined: Smart-ID's help in general is the right page. */
const TOPICS: Readonly<Partial<Record<FailureCode | InteractionType, HelpTopic>>> = {
  account_not_found: 'register',
  account_not_suitable: 'upgrade',
  displayTextAndPIN: 'pin',
};

/** Outcomes for which Smart-ID's help in general is what the label of their link promises. */
const GENERAL: readonly (FailureCode | InteractionType | 'faq')[] = [
  'attention_required',
  'document_unusable',
  'account_unusable',
];

/** The page about an outcome; undefined if there is none in the language, so that the label of its link would promise too much. */
export function helpPageOf(
  language: Language,
  outcome: FailureCode | InteractionType | 'faq',
  general: string,
): string | undefined {
  if (GENERAL.includes(outcome)) return general;
  const topic = outcome === 'faq' ? outcome : TOPICS[outcome];
  return topic && HELP_PAGES[language][topic];
}
