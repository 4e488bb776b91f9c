/**
 * The accounts of the simulated Smart-ID service and their behaviour, defined only in this table. The phone's page shows
 * it to developers.
 *
 * The automated accounts and their results are those of SK's demo environment. Accounts that fail have Estonian codes
 * of people born on 9 September 1999; an HTTP status is in the serial digits: 3 990909 **404** 5.
 */

export type CertificateLevel = 'QUALIFIED' | 'ADVANCED';

/** How an authentication ends. (RP API 3.2, Session endpoint) */
export type Answer =
  | { readonly endResult: 'OK' }
  | { readonly endResult: 'USER_REFUSED_INTERACTION'; readonly interaction: string }
  | { readonly endResult: FailedEndResult };

export type FailedEndResult =
  | 'USER_REFUSED'
  | 'USER_REFUSED_CERT_CHOICE'
  | 'TIMEOUT'
  | 'WRONG_VC'
  | 'DOCUMENT_UNUSABLE'
  | 'ACCOUNT_UNUSABLE'
  | 'REQUIRED_INTERACTION_NOT_SUPPORTED_BY_APP'
  | 'PROTOCOL_FAILURE'
  | 'SERVER_ERROR'
  | 'EXPECTED_LINKED_SESSION';

/** HTTP statuses of a request for which the service creates no session. */
export type RefusalStatus = 401 | 403 | 404 | 472 | 480 | 500 | 580;

export type Behaviour =
  /** A person answers on the virtual phone. */
  | { readonly kind: 'phone' }
  /** The simulator answers after the delay. */
  | { readonly kind: 'automated'; readonly answer: Answer }
  /** The service creates no session. */
  | { readonly kind: 'refused'; readonly status: RefusalStatus };

export interface Account {
  /** ETSI EN 319 412-1 semantics identifier. */
  readonly identifier: string;
  readonly surname: string;
  readonly givenName: string;
  /** `YYYY-MM-DD` for the certificate's dateOfBirth attribute; if absent, the certificate has no such attribute. */
  readonly birthDate?: string;
  /** QUALIFIED, or ADVANCED for a person with only a Smart-ID Basic account. */
  readonly level: CertificateLevel;
  readonly behaviour: Behaviour;
  /** Set if its certificate is always revoked, independent of the settings at /revocation. */
  readonly revoked?: true;
  /** The part of the document number before the level; `DEMO` by default. */
  readonly documentSeries?: 'MOCK';
}

export interface AccountGroup {
  readonly title: string;
  /** The accounts are addressed by document number. */
  readonly byDocument?: true;
  readonly accounts: readonly Account[];
}

const PHONE: Behaviour = { kind: 'phone' };
const OK: Behaviour = { kind: 'automated', answer: { endResult: 'OK' } };

const UNLISTED_NAMES = [
  ['KARU', 'MATI'],
  ['O’CONNEŽ-ŠUSLIK', 'MARY ÄNN'],
  ['ŽĪGURE', 'LĪGA'],
  ['ÕUNAPUU', 'ÜLLE'],
  ['ČIURLIONYTĖ', 'RŪTA'],
  ['VAN DEN BROECK', 'ANNE-SOPHIE'],
] as const;

/** Every listed account, grouped by behaviour. */
export const ACCOUNT_GROUPS: readonly AccountGroup[] = [
  {
    title: 'Answer on this phone',
    accounts: [
      qualified('PNOEE-47101010033', 'O’CONNEŽ-ŠUSLIK', 'MARY ÄNN', PHONE),
      qualified('PNOEE-38001085718', 'JÕEORG', 'JAAK-KRISTJAN', PHONE),
      qualified('PNOLV-160487-10017', 'ŽĪGURE', 'LĪGA', PHONE),
      qualified('PNOLV-327000-12341', 'ĶĒNIŅŠ', 'GATIS', PHONE, '1987-06-05'),
      qualified('PNOLT-48501010003', 'ČIURLIONYTĖ', 'RŪTA', PHONE),
      qualified('PNOBE-85073003328', 'VAN DEN BROECK', 'ANNE-SOPHIE', PHONE),
    ],
  },
  {
    title: 'Log in by themselves',
    accounts: [
      // As in SK's certificate for this account, the attribute differs from the date in the personal code.
      qualified('PNOEE-40504040001', 'TEST', 'OK', OK, '1999-01-01'),
      qualified('PNOEE-50001029996', 'TESTNUMBER', 'OK', OK),
      qualified('PNOEE-39901012239', 'TESTNUMBER', 'QUALIFIED OK1', OK),
      qualified('PNOLT-40504040001', 'TESTNUMBER', 'OK', OK),
      qualified('PNOLT-50001029996', 'TESTNUMBER', 'ADULT', OK),
      qualified('PNOLT-30303039914', 'TESTNUMBER', 'QUALIFIED OK1', OK),
      qualified('PNOLV-050405-10009', 'TEST', 'OK', OK),
      qualified('PNOLV-020100-29990', 'TESTNUMBER', 'ADULT', OK),
      qualified('PNOLV-030303-10004', 'ŠUSLIK TESTNUMBER', 'NO DIGITS', OK),
      qualified('PNOLV-311299-19993', 'TESTNUMBER', 'BIRTH DATE ATTRIBUTE', OK, '1999-12-31'),
      qualified('PNOLV-329999-99901', 'TESTNUMBER', 'BIRTH DATE ATTRIBUTE NEW', OK, '1999-09-09'),
      qualified('PNOLV-329999-99709', 'TESTNUMBER', 'NO BIRTH DATE', OK),
      qualified('PNOLV-320000-10003', 'TESTNUMBER', 'NEW CODE', OK, '1991-11-11'),
      qualified('PNOBE-05040400032', 'TEST', 'OK', OK),
      qualified('PNOBE-00010299944', 'TESTNUMBER', 'ADULT', OK),
      qualified('PNOEE-61101012257', 'TESTNUMBER', 'UNDER EIGHTEEN', OK),
      qualified('PNOLT-61101012257', 'TESTNUMBER', 'UNDER EIGHTEEN', OK),
      qualified('PNOLV-010111-23474', 'TESTNUMBER', 'UNDER EIGHTEEN', OK),
    ],
  },
  {
    title: 'Answer device links by themselves, at /mock/device-link',
    byDocument: true,
    accounts: [
      mockSeries(qualified('PNOEE-40404040009', 'TESTNUMBER', 'DEVICE LINK', OK)),
      mockSeries(qualified('PNOLT-40404040009', 'TESTNUMBER', 'DEVICE LINK', OK)),
      qualified('PNOLV-040404-10003', 'TESTNUMBER', 'DEVICE LINK', OK),
      mockSeries(qualified('PNOBE-04040400287', 'TESTNUMBER', 'DEVICE LINK', OK)),
      mockSeries(qualified('PNOEE-61101019999', 'TESTNUMBER', 'UNDER EIGHTEEN', OK)),
      mockSeries(qualified('PNOLT-61101019999', 'TESTNUMBER', 'UNDER EIGHTEEN', OK)),
      mockSeries(qualified('PNOLV-010111-22341', 'TESTNUMBER', 'UNDER EIGHTEEN', OK)),
      qualified('PNOLV-320000-00008', 'TESTNUMBER', 'UNDER EIGHTEEN NEW CODE', OK, '2011-01-01'),
      mockSeries(qualified('PNOBE-11010199815', 'TESTNUMBER', 'UNDER EIGHTEEN', OK)),
      mockSeries(basic('PNOLT-61101019988', 'TESTNUMBER', 'BASIC DEVICE LINK')),
      mockSeries(basic('PNOLV-020211-12351', 'TESTNUMBER', 'BASIC DEVICE LINK')),
    ],
  },
  {
    title: 'Have a Smart-ID Basic account only',
    accounts: [
      basic('PNOLT-40504049999', 'TESTNUMBER', 'BASIC OK1'),
      basic('PNOLT-49912318881', 'TESTNUMBER', 'BASIC OK2'),
      basic('PNOLV-311299-18886', 'TESTNUMBER', 'BASIC OK1'),
      basic('PNOLV-050404-19993', 'TESTNUMBER', 'BASIC OK2'),
    ],
  },
  {
    title: 'Refuse, or take too long',
    accounts: [
      ...inEveryCountry({ endResult: 'USER_REFUSED' }, '30403039917', '030403-10016', '00010238349'),
      ...inEveryCountry(refusedOn('displayTextAndPIN'), '30403039928', '030403-10024', '00010267350'),
      ...inEveryCountry(refusedOn('verificationCodeChoice'), '30403039939', '030403-10032', '00010266756'),
      ...inEveryCountry(refusedOn('confirmationMessage'), '30403039946', '030403-10040', '00010232708'),
      ...inEveryCountry(
        refusedOn('confirmationMessageAndVerificationCodeChoice'),
        '30403039950',
        '030403-10059',
        '00010211724',
      ),
      ...inEveryCountry({ endResult: 'WRONG_VC' }, '30403039972', '030403-10075', '00010216276'),
      ...inEveryCountry({ endResult: 'TIMEOUT' }, '30403039983', '030403-10083', '00010220335'),
    ],
  },
  {
    title: 'Confirm with a revoked certificate',
    accounts: [{ ...qualified('PNOEE-39909096083', 'TESTNUMBER', 'REVOKED', OK), revoked: true }],
  },
  {
    title: 'Fail on Smart-ID’s side',
    accounts: [
      failing('39909096017', 'ACCOUNT_UNUSABLE'),
      failing('39909096028', 'DOCUMENT_UNUSABLE'),
      failing('39909096039', 'REQUIRED_INTERACTION_NOT_SUPPORTED_BY_APP'),
      failing('39909096040', 'PROTOCOL_FAILURE'),
      failing('39909096050', 'SERVER_ERROR'),
      failing('39909096061', 'EXPECTED_LINKED_SESSION'),
      failing('39909096072', 'USER_REFUSED_CERT_CHOICE'),
    ],
  },
  {
    title: 'Are refused at once, with an HTTP status',
    accounts: [
      refusing('39909094012', 401),
      refusing('39909094034', 403),
      refusing('39909094045', 404),
      refusing('39909094720', 472),
      refusing('39909094807', 480),
      refusing('39909095009', 500),
      refusing('39909095804', 580),
    ],
  },
];

const LISTED = new Map(
  ACCOUNT_GROUPS.flatMap(({ accounts }) => accounts).map((account) => [account.identifier, account]),
);

/** Personal codes in each country's notation. Check digits are not verified, as in SK's demo environment. */
const PERSONAL_CODE = /^PNO(?:(?:EE|LT|BE)-\d{11}|LV-\d{6}-\d{5})$/;

/** Finds a listed account. Any other Baltic or Belgian personal code has an account on the virtual phone. */
export function findAccount(identifier: string): Account | undefined {
  const listed = LISTED.get(identifier);
  if (listed) return listed;
  if (!PERSONAL_CODE.test(identifier)) return undefined;
  // The last digits select the name, so that it is the same every time.
  const [surname, givenName] =
    UNLISTED_NAMES[Number(identifier.slice(-4)) % UNLISTED_NAMES.length] ?? UNLISTED_NAMES[0];
  return qualified(identifier, surname, givenName, PHONE);
}

/** Finds an account by its document number, such as `PNOEE-40504040001-DEMO-Q`. */
export function findDocument(number: string): Account | undefined {
  const account = findAccount(number.replace(/-(?:DEMO|MOCK)-N?Q$/, ''));
  return account && documentNumber(account) === number ? account : undefined;
}

/** The account's document number. It ends in `-Q` for qualified accounts and in `-NQ` for others. */
export function documentNumber({ identifier, level, documentSeries }: Account): string {
  return `${identifier}-${documentSeries ?? 'DEMO'}-${level === 'QUALIFIED' ? 'Q' : 'NQ'}`;
}

/** Whether the account's level is at least the requested one. */
export function isSuitable({ level }: Account, requested: CertificateLevel): boolean {
  return level === 'QUALIFIED' || requested === 'ADVANCED';
}

function qualified(
  identifier: string,
  surname: string,
  givenName: string,
  behaviour: Behaviour,
  birthDate?: string,
): Account {
  const account = { identifier, surname, givenName, level: 'QUALIFIED', behaviour } as const;
  return birthDate === undefined ? account : { ...account, birthDate };
}

function basic(identifier: string, surname: string, givenName: string): Account {
  return { identifier, surname, givenName, level: 'ADVANCED', behaviour: OK };
}

function mockSeries(account: Account): Account {
  return { ...account, documentSeries: 'MOCK' };
}

function refusedOn(interaction: string): Answer {
  return { endResult: 'USER_REFUSED_INTERACTION', interaction };
}

function inEveryCountry(
  answer: Answer,
  estonianAndLithuanian: string,
  latvian: string,
  belgian: string,
): Account[] {
  const identifiers = [
    `PNOEE-${estonianAndLithuanian}`,
    `PNOLT-${estonianAndLithuanian}`,
    `PNOLV-${latvian}`,
    `PNOBE-${belgian}`,
  ];
  return identifiers.map((identifier) =>
    qualified(identifier, 'TESTNUMBER', nameOf(answer.endResult), { kind: 'automated', answer }),
  );
}

function failing(code: string, endResult: FailedEndResult): Account {
  const answer = { endResult };
  return qualified(`PNOEE-${code}`, 'TESTNUMBER', nameOf(endResult), { kind: 'automated', answer });
}

function refusing(code: string, status: RefusalStatus): Account {
  return qualified(`PNOEE-${code}`, 'TESTNUMBER', 'REFUSED', { kind: 'refused', status });
}

function nameOf(endResult: string): string {
  return endResult.replaceAll('_', ' ');
}
