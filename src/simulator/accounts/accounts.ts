/**
 * Who has an account in the simulated Smart-ID service, and what each account does. This table is the only place that
 * knows; the phone's page shows it to developers.
 *
 * The automated accounts and their results are those of SK's demo environment. The error answers sit on Estonian codes
 * of people born on 9 September 1999 whose serial digits are the HTTP status: 3 990909 **404** 5.
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

/** HTTP statuses with which the service refuses to create a session. */
export type RefusalStatus = 401 | 403 | 404 | 472 | 480 | 500 | 580;

export type Behaviour =
  /** Somebody has to answer on the virtual phone. */
  | { readonly kind: 'phone' }
  /** Answers by itself after the delay. */
  | { readonly kind: 'automated'; readonly answer: Answer }
  /** No session is created. */
  | { readonly kind: 'refused'; readonly status: RefusalStatus };

export interface Account {
  /** ETSI EN 319 412-1 semantics identifier. */
  readonly identifier: string;
  readonly surname: string;
  readonly givenName: string;
  /** YYYY-MM-DD of the certificate's dateOfBirth attribute; absent: the certificate has no such attribute. */
  readonly birthDate?: string;
  /** QUALIFIED, or ADVANCED for a person who has a Smart-ID Basic account only. */
  readonly level: CertificateLevel;
  readonly behaviour: Behaviour;
  /** Whether its certificate is revoked, whatever else the simulator is told. */
  readonly revoked?: true;
  /** What stands before the level in the document number; `DEMO` when absent. */
  readonly documentSeries?: 'MOCK';
}

export interface AccountGroup {
  readonly title: string;
  /** The accounts are meant to be named by document number. */
  readonly byDocument?: true;
  readonly accounts: readonly Account[];
}

const PHONE: Behaviour = { kind: 'phone' };
const OK: Behaviour = { kind: 'automated', answer: { endResult: 'OK' } };

const NAMES_OF_OTHERS = [
  ['KARU', 'MATI'],
  ['O’CONNEŽ-ŠUSLIK', 'MARY ÄNN'],
  ['ŽĪGURE', 'LĪGA'],
  ['ÕUNAPUU', 'ÜLLE'],
  ['ČIURLIONYTĖ', 'RŪTA'],
  ['VAN DEN BROECK', 'ANNE-SOPHIE'],
] as const;

/** Every listed account, grouped as people look for them. */
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
      // SK's own certificate of this account says 1999, whatever its code says: the attribute wins.
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
      mocked(qualified('PNOEE-40404040009', 'TESTNUMBER', 'DEVICE LINK', OK)),
      mocked(qualified('PNOLT-40404040009', 'TESTNUMBER', 'DEVICE LINK', OK)),
      qualified('PNOLV-040404-10003', 'TESTNUMBER', 'DEVICE LINK', OK),
      mocked(qualified('PNOBE-04040400287', 'TESTNUMBER', 'DEVICE LINK', OK)),
      mocked(qualified('PNOEE-61101019999', 'TESTNUMBER', 'UNDER EIGHTEEN', OK)),
      mocked(qualified('PNOLT-61101019999', 'TESTNUMBER', 'UNDER EIGHTEEN', OK)),
      mocked(qualified('PNOLV-010111-22341', 'TESTNUMBER', 'UNDER EIGHTEEN', OK)),
      qualified('PNOLV-320000-00008', 'TESTNUMBER', 'UNDER EIGHTEEN NEW CODE', OK, '2011-01-01'),
      mocked(qualified('PNOBE-11010199815', 'TESTNUMBER', 'UNDER EIGHTEEN', OK)),
      mocked(basic('PNOLT-61101019988', 'TESTNUMBER', 'BASIC DEVICE LINK')),
      mocked(basic('PNOLV-020211-12351', 'TESTNUMBER', 'BASIC DEVICE LINK')),
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
      ...everywhere({ endResult: 'USER_REFUSED' }, '30403039917', '030403-10016', '00010238349'),
      ...everywhere(refusedOn('displayTextAndPIN'), '30403039928', '030403-10024', '00010267350'),
      ...everywhere(refusedOn('verificationCodeChoice'), '30403039939', '030403-10032', '00010266756'),
      ...everywhere(refusedOn('confirmationMessage'), '30403039946', '030403-10040', '00010232708'),
      ...everywhere(
        refusedOn('confirmationMessageAndVerificationCodeChoice'),
        '30403039950',
        '030403-10059',
        '00010211724',
      ),
      ...everywhere({ endResult: 'WRONG_VC' }, '30403039972', '030403-10075', '00010216276'),
      ...everywhere({ endResult: 'TIMEOUT' }, '30403039983', '030403-10083', '00010220335'),
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

/** Codes as they are written in each country; check digits are not looked at, as in SK's demo environment. */
const PERSONAL_CODE = /^PNO(?:(?:EE|LT|BE)-\d{11}|LV-\d{6}-\d{5})$/;

/** The account of a person: a listed one, or for any other Baltic or Belgian personal code one on the virtual phone. */
export function findAccount(identifier: string): Account | undefined {
  const listed = LISTED.get(identifier);
  if (listed) return listed;
  if (!PERSONAL_CODE.test(identifier)) return undefined;
  // The last digits choose the name, so that a person keeps it.
  const [surname, givenName] =
    NAMES_OF_OTHERS[Number(identifier.slice(-4)) % NAMES_OF_OTHERS.length] ?? NAMES_OF_OTHERS[0];
  return qualified(identifier, surname, givenName, PHONE);
}

/** The account that a document number names, such as `PNOEE-40504040001-DEMO-Q`. */
export function findDocument(number: string): Account | undefined {
  const account = findAccount(number.replace(/-(?:DEMO|MOCK)-N?Q$/, ''));
  return account && documentNumber(account) === number ? account : undefined;
}

/** Ends in `-Q` for qualified accounts and in `-NQ` for the others. */
export function documentNumber({ identifier, level, documentSeries }: Account): string {
  return `${identifier}-${documentSeries ?? 'DEMO'}-${level === 'QUALIFIED' ? 'Q' : 'NQ'}`;
}

/** Whether an account is of the level that a request asks for, or above it. */
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

function mocked(account: Account): Account {
  return { ...account, documentSeries: 'MOCK' };
}

function refusedOn(interaction: string): Answer {
  return { endResult: 'USER_REFUSED_INTERACTION', interaction };
}

function everywhere(
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
