/** The languages that Sild speaks, by their BCP 47 tags, in the order in which its pages offer them. */
export const LANGUAGES = ['et', 'lv', 'lt', 'en', 'ru', 'nl', 'fr', 'de'] as const;

export type Language = (typeof LANGUAGES)[number];
