import type { Messages } from './messages.ts';

const BRAND = /Smart-ID/g;
/** With a word joiner after the hyphen (U+2060; UAX #14, WJ), which is invisible and ignored by screen readers. */
const UNBROKEN_BRAND = 'Smart-\u2060ID';

/**
 * The texts of a language as pages show them: a line never breaks inside the brand. Texts for the Smart-ID app are not
 * changed: they are signed, compared byte by byte, and of limited length.
 */
export function catalogue(texts: Messages): Messages {
  const { appText, appTextUnknownBrowser, ownTextUnknownBrowser } = texts;
  return { ...(unbroken(texts) as Messages), appText, appTextUnknownBrowser, ownTextUnknownBrowser };
}

function unbroken(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(BRAND, UNBROKEN_BRAND);
  if (typeof value === 'function')
    return (...about: readonly unknown[]) =>
      unbroken((value as (...about: readonly unknown[]) => unknown)(...about));
  if (Array.isArray(value)) return value.map(unbroken);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, unbroken(member)]));
}
