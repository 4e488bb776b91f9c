/**
 * Finds accounts by person and by document: the listed ones (listed-accounts.ts) and those that were added since the start.
 * Any other Baltic or Belgian personal code has an account on the virtual phone.
 */
import { type Account, documentNumberOf } from './account.ts';
import { ACCOUNT_GROUPS, type AccountGroup } from './listed-accounts.ts';

export interface Accounts {
  /** The accounts of a person, the preferred one first; empty if there is no such person. */
  ofPerson(identifier: string): readonly Account[];
  findDocument(documentNumber: string): Account | undefined;
  /** Adds an account, or replaces the added one with this document number. Returns false if it is a listed one's. */
  add(account: Account): boolean;
  /** The listed accounts, and the added ones in a group of their own. */
  groups(): readonly AccountGroup[];
}

const UNLISTED_NAMES = [
  ['KARU', 'MATI'],
  ['O’CONNEŽ-ŠUSLIK', 'MARY ÄNN'],
  ['ŽĪGURE', 'LĪGA'],
  ['ÕUNAPUU', 'ÜLLE'],
  ['ČIURLIONYTĖ', 'RŪTA'],
  ['VAN DEN BROECK', 'ANNE-SOPHIE'],
] as const;

/** Personal codes in each country's notation. Check digits are not verified, as in SK's demo environment. */
const PERSONAL_CODE = /^PNO(?:(?:EE|LT|BE)-\d{11}|LV-\d{6}-\d{5})$/;

const LISTED = ACCOUNT_GROUPS.flatMap(({ accounts }) => accounts);
const LISTED_PEOPLE = Map.groupBy(LISTED, ({ identifier }) => identifier);
const LISTED_DOCUMENTS = new Map(
  LISTED.flatMap((account) => [
    [account.documentNumber, account],
    ...(account.publishedAs === undefined ? [] : ([[account.publishedAs, account]] as const)),
  ]),
);

export function createAccounts(): Accounts {
  const added = new Map<string, Account>();

  const ofPerson = (identifier: string): readonly Account[] => {
    const known = [
      ...(LISTED_PEOPLE.get(identifier) ?? []),
      ...[...added.values()].filter((account) => account.identifier === identifier),
    ];
    if (known.length > 0) return known;
    return PERSONAL_CODE.test(identifier) ? [unlisted(identifier)] : [];
  };

  return {
    ofPerson,
    findDocument(number) {
      const known = LISTED_DOCUMENTS.get(number) ?? added.get(number);
      if (known) return known;
      return ofPerson(number.replace(/-DEMO-Q$/, '')).find(({ documentNumber }) => documentNumber === number);
    },
    add(account) {
      if (LISTED_DOCUMENTS.has(account.documentNumber)) return false;
      added.set(account.documentNumber, account);
      return true;
    },
    groups: () =>
      added.size === 0
        ? ACCOUNT_GROUPS
        : [...ACCOUNT_GROUPS, { title: 'Were added', byDocument: true, accounts: [...added.values()] }],
  };
}

/** The last digits select the name, so that it is the same every time. */
function unlisted(identifier: string): Account {
  const [surname, givenName] =
    UNLISTED_NAMES[Number(identifier.slice(-4)) % UNLISTED_NAMES.length] ?? UNLISTED_NAMES[0];
  return {
    identifier,
    documentNumber: documentNumberOf(identifier, 'QUALIFIED'),
    surname,
    givenName,
    level: 'QUALIFIED',
    behaviour: { kind: 'phone' },
  };
}
