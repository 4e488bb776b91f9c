import { parseSemanticsIdentifier } from '../../../identity/semantics-identifier.ts';
import type { Messages } from '../../messages/messages.ts';

type Way = Exclude<keyof Messages['basicAccount'], 'faq' | 'ways'>;

/** The ways to register an account with full access, the country's own first; others are not there in that country. */
const WAYS: Readonly<Record<string, readonly Way[]>> = {
  EE: ['idCard', 'bankOffice'],
  LV: ['bankOffice', 'idCard'],
  LT: ['mobileId', 'idCard', 'bankOffice'],
  BE: ['idCard'],
};
const ANYWHERE: readonly Way[] = ['idCard', 'mobileId', 'bankOffice'];

/** What follows the text that SK requires for a Basic account. @param identifier undefined: the person is not known */
export function basicAccountWays(
  { basicAccount }: Messages,
  identifier: string | undefined,
): { readonly lead: string; readonly list: readonly string[] } {
  const country = identifier === undefined ? undefined : parseSemanticsIdentifier(identifier).country;
  const ways = WAYS[country ?? ''] ?? ANYWHERE;
  return { lead: basicAccount.ways, list: ways.map((way) => basicAccount[way]) };
}
