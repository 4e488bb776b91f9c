import { IdentityError } from './errors.ts';
import type { IdentityType } from './person.ts';

/** The parts of a natural person's semantics identifier, e.g. `PNOLV-030303-10004`. */
export interface SemanticsIdentifier {
  readonly type: IdentityType;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** In the country's notation, at most 30 characters; may contain dashes. */
  readonly number: string;
}

const PATTERN = /^(PNO|PAS|IDC)([A-Z]{2})-([0-9A-Za-z](?:[0-9A-Za-z-]{0,28}[0-9A-Za-z])?)$/;

/**
 * Parses a semantics identifier. (ETSI EN 319 412-1, natural person semantics identifier)
 *
 * @throws IdentityError identifier_malformed
 */
export function parseSemanticsIdentifier(text: string): SemanticsIdentifier {
  const [, type, country, number] = PATTERN.exec(text) ?? [];
  if (type === undefined || country === undefined || number === undefined) {
    throw new IdentityError('identifier_malformed', 'not a semantics identifier of a natural person');
  }
  return { type: type as IdentityType, country, number };
}

/** Whether `parseSemanticsIdentifier` accepts a text. */
export function isSemanticsIdentifier(text: string): boolean {
  return PATTERN.test(text);
}
