import type { Country } from '../../identity/countries/rules.ts';
import type { WebContext } from '../context.ts';
import { type Cookie, setCookie } from '../cookies.ts';

/** The country of the personal code that was typed last in this browser. */
export const COUNTRY_COOKIE: Cookie = { name: 'sild_country', path: '/login' };
const REMEMBERED_MS = 365 * 24 * 60 * 60 * 1000;

export function rememberCountry(ctx: WebContext, country: Country): void {
  setCookie(ctx, COUNTRY_COOKIE, country, REMEMBERED_MS);
}

/** The country of a form or a cookie, if the form offers it. */
export function offeredCountry(countries: readonly Country[], code: string | undefined): Country | undefined {
  return countries.find((country) => country === code);
}
