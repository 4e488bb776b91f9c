/** The languages of the pages (BCP 47 tags), in display order. */
export const LANGUAGES = ['et', 'lv', 'lt', 'en', 'ru', 'nl', 'fr', 'de'] as const;

export type Language = (typeof LANGUAGES)[number];
