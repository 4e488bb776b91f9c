/** Regions of ICU that are no countries: ISO 3166-1 reserves their codes, or leaves them to their users. */
const NO_COUNTRIES = /^(?:AC|CP|CQ|DG|EA|EU|EZ|IC|QO|TA|UN|XA|XB|ZZ)$/;

const regions = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });

/** Whether a text is a current code of ISO 3166-1 alpha-2, or XK (Kosovo): `GB`, but not `gb`, `UK` or `XX`. */
export function isCountryCode(text: string): boolean {
  if (!/^[A-Z]{2}$/.test(text) || NO_COUNTRIES.test(text)) return false;
  // ICU replaces the codes of former countries, and some that are often written instead of the right one.
  return regions.of(text) !== undefined && new Intl.Locale(`und-${text}`).region === text;
}
