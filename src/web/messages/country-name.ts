/** The name of a country in a language; undefined for anything but the code of one, such as those for an unknown country (`XX`, `T1`). */
export function countryName(code: unknown, language: string): string | undefined {
  if (typeof code !== 'string' || !/^[A-Z]{2}$/.test(code) || code === 'XX') return undefined;
  return new Intl.DisplayNames(language, { type: 'region', fallback: 'none' }).of(code);
}
