import type { IncomingHttpHeaders } from 'node:http';

/** By a token of the user agent, the first that fits: browsers name those that they are compatible with too. */
const FAMILIES: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(?:e|A|iOS)?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/(?:Chrome|Chromium|CriOS)\//, 'Chrome'],
  [/\bVersion\/.*\bSafari\//, 'Safari'],
];

const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bCrOS\b/, 'ChromeOS'],
  // An iPad says that it is a Macintosh, but has Apple's engine only, which no browser of a Mac but Safari has.
  [/\bMacintosh\b.*\b(?:Chrome|Firefox|Edg|OPR)\//, 'macOS'],
  [/\b(?:Linux|X11)\b/, 'Linux'],
];

/** Longer than any real one; some patterns take the square of its length. */
const MOST_READ = 512;

/**
 * The family of a browser and its system, such as `Firefox` and `Windows`: proper names, the same in every language. Empty if
 * unknown. A browser can claim to be any other, so this is only for a person to compare with what they use.
 */
export function browserNames({ 'user-agent': agent = '' }: IncomingHttpHeaders): readonly string[] {
  const read = agent.slice(0, MOST_READ);
  return [FAMILIES, SYSTEMS].flatMap((list) => list.find(([token]) => token.test(read))?.[1] ?? []);
}

/** Both names in one text, for the audit; undefined if neither is known. */
export function browserText(headers: IncomingHttpHeaders): string | undefined {
  return browserNames(headers).join(', ') || undefined;
}
