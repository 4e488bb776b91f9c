/**
 * Whether a person has reached an age, so that a client need not learn a birth date.
 *
 * A person reaches an age when their birthday begins in their country: whoever was born on 29 February, in a year without that
 * day on 1 March. Where the day of the country is not known, the last place on earth decides: nobody is older than they are.
 */
import type { Person } from './person.ts';

const AGES = [13, 16, 18, 21, 65] as const;

export type AgeClaim = `age_over_${(typeof AGES)[number]}`;

export const AGE_CLAIMS = AGES.map((age): AgeClaim => `age_over_${age}`);

/** IANA time zones of the countries whose people have Smart-ID accounts, by ISO 3166-1 alpha-2. */
const DAYS: ReadonlyMap<string, Intl.DateTimeFormat> = new Map([
  ['EE', dayIn('Europe/Tallinn')],
  ['LV', dayIn('Europe/Riga')],
  ['LT', dayIn('Europe/Vilnius')],
  ['BE', dayIn('Europe/Brussels')],
]);

/** UTC−12: where each day begins last. (The sign of these names is inverted.) */
const LAST_DAY = dayIn('Etc/GMT+12');

/**
 * The claims about the age of a person.
 *
 * @param at seconds since the epoch
 * @returns no claims where the birth date is not known
 */
export function ageClaimsOf(
  { birthdate, identityCountry }: Pick<Person, 'birthdate' | 'identityCountry'>,
  at: number,
): Partial<Record<AgeClaim, boolean>> {
  if (birthdate === undefined) return {};
  const years = fullYears(birthdate, dayOf(DAYS.get(identityCountry) ?? LAST_DAY, at));
  return Object.fromEntries(AGES.map((age) => [`age_over_${age}`, years >= age]));
}

/** @param birthdate `YYYY-MM-DD`, as `today` */
function fullYears(birthdate: string, today: string): number {
  const years = Number(today.slice(0, 4)) - Number(birthdate.slice(0, 4));
  const hadBirthday = today.slice(5) >= birthdate.slice(5);
  return hadBirthday ? years : years - 1;
}

function dayIn(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
}

/** `YYYY-MM-DD` of the Gregorian calendar. */
function dayOf(format: Intl.DateTimeFormat, at: number): string {
  const parts = new Map(format.formatToParts(new Date(at * 1000)).map(({ type, value }) => [type, value]));
  return `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`;
}
