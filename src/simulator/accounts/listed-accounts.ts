/**
 * The accounts that exist from the start, grouped by behaviour as the phone's page shows them: SK's test documents
 * (test-documents.ts), and the simulator's own.
 *
 * The simulator's own accounts that fail have Estonian codes of people born on 9 September 1999; an HTTP status is in the
 * serial digits: 3 990909 **404** 5.
 */
import {
  type Account,
  type Answer,
  type Behaviour,
  type CertificateLevel,
  documentNumberOf,
  type FailedEndResult,
  type RefusalStatus,
} from './account.ts';
import { DEVICE_LINK_DOCUMENTS, NOTIFICATION_DOCUMENTS, type TestDocument } from './test-documents.ts';

export interface AccountGroup {
  readonly title: string;
  /** The accounts are addressed by document number. */
  readonly byDocument?: true;
  readonly accounts: readonly Account[];
}

type Name = readonly [surname: string, givenName: string];

const PHONE: Behaviour = { kind: 'phone' };
const OK: Behaviour = { kind: 'automated', answer: { endResult: 'OK' } };
const OTHER_ACCOUNT = 'User has other active account';

/** Names of SK's test accounts; the others are named after what they do. */
const NAMES: Readonly<Record<string, Name>> = {
  'PNOEE-40504040001': ['TEST', 'OK'],
  'PNOLV-050405-10009': ['TEST', 'OK'],
  'PNOBE-05040400032': ['TEST', 'OK'],
  'PNOEE-39901012239': ['TESTNUMBER', 'QUALIFIED OK1'],
  'PNOLT-39901012239': ['TESTNUMBER', 'QUALIFIED OK1'],
  'PNOLT-30303039914': ['TESTNUMBER', 'QUALIFIED OK1'],
  'PNOLV-030303-10004': ['ŠUSLIK TESTNUMBER', 'NO DIGITS'],
  'PNOLV-311299-19993': ['TESTNUMBER', 'BIRTH DATE ATTRIBUTE'],
  'PNOLV-329999-99901': ['TESTNUMBER', 'BIRTH DATE ATTRIBUTE NEW'],
  'PNOLV-329999-99709': ['TESTNUMBER', 'NO BIRTH DATE'],
  'PNOLV-320000-10003': ['TESTNUMBER', 'NEW CODE'],
};

/** Birth dates in certificates. Minors of SK with a code without a date were born on 1 January 2011. */
const BIRTH_DATES: Readonly<Record<string, string>> = {
  // As in SK's certificate for this account, the attribute differs from the date in the personal code.
  'PNOEE-40504040001': '1999-01-01',
  'PNOLV-311299-19993': '1999-12-31',
  'PNOLV-329999-99901': '1999-09-09',
  'PNOLV-320000-10003': '1991-11-11',
  'PNOLV-320000-00008': '2011-01-01',
  'PNOLV-320000-00032': '2011-01-01',
};

const notified = NOTIFICATION_DOCUMENTS.map(testAccount);
const answersOk = ({ behaviour }: Account) =>
  behaviour.kind === 'automated' && behaviour.answer.endResult === 'OK';

/** Of the accounts of one person, the first suitable one answers a request that names only the person. */
export const ACCOUNT_GROUPS: readonly AccountGroup[] = [
  {
    title: 'Answer on this phone',
    accounts: [
      qualified('PNOEE-47101010033', ['O’CONNEŽ-ŠUSLIK', 'MARY ÄNN'], PHONE),
      qualified('PNOEE-38001085718', ['JÕEORG', 'JAAK-KRISTJAN'], PHONE),
      qualified('PNOLV-160487-10017', ['ŽĪGURE', 'LĪGA'], PHONE),
      { ...qualified('PNOLV-327000-12341', ['ĶĒNIŅŠ', 'GATIS'], PHONE), birthDate: '1987-06-05' },
      qualified('PNOLT-48501010003', ['ČIURLIONYTĖ', 'RŪTA'], PHONE),
      qualified('PNOBE-85073003328', ['VAN DEN BROECK', 'ANNE-SOPHIE'], PHONE),
    ],
  },
  {
    title: 'Log in by themselves',
    accounts: notified.filter((account) => account.level === 'QUALIFIED' && answersOk(account)),
  },
  {
    title: 'Answer device links by themselves, at /mock/device-link',
    byDocument: true,
    accounts: DEVICE_LINK_DOCUMENTS.map(testAccount),
  },
  {
    title: 'Have a Smart-ID Basic account only',
    accounts: notified.filter(({ level }) => level === 'ADVANCED'),
  },
  {
    title: 'Are a person’s second account',
    byDocument: true,
    accounts: NOTIFICATION_DOCUMENTS.filter(({ comment }) => comment === OTHER_ACCOUNT).map(otherAccount),
  },
  { title: 'Refuse, or take too long', accounts: notified.filter((account) => !answersOk(account)) },
  {
    title: 'Confirm with a revoked certificate',
    accounts: [{ ...qualified('PNOEE-39909096083', ['TESTNUMBER', 'REVOKED'], OK), revoked: true }],
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

function testAccount(document: TestDocument): Account {
  const { documentNumber, publishedAs, endResult, interaction, comment = '' } = document;
  const identifier = identifierIn(documentNumber);
  const level: CertificateLevel = documentNumber.endsWith('-NQ') ? 'ADVANCED' : 'QUALIFIED';
  const answer: Answer =
    endResult === 'USER_REFUSED_INTERACTION' ? { endResult, interaction: interaction ?? '' } : { endResult };
  const minor = /minor|under 18/i.test(comment) ? 'UNDER EIGHTEEN' : undefined;
  const okName = level === 'ADVANCED' ? 'BASIC OK' : comment === 'Adult' ? 'ADULT' : 'OK';
  const [surname, givenName] = NAMES[identifier] ?? [
    'TESTNUMBER',
    minor ?? (endResult === 'OK' ? okName : nameOf(endResult)),
  ];
  return {
    identifier,
    documentNumber,
    publishedAs,
    surname,
    givenName,
    birthDate: BIRTH_DATES[identifier],
    level,
    behaviour: { kind: 'automated', answer },
  };
}

/** SK says of these people that they have another account, but not which one. Here it has the other series. */
function otherAccount(document: TestDocument): Account {
  const account = testAccount(document);
  const series = document.documentNumber.includes('-MOCK-') ? 'DEMO' : 'MOCK';
  return { ...account, documentNumber: documentNumberOf(account.identifier, account.level, series) };
}

function identifierIn(documentNumber: string): string {
  return documentNumber.replace(/-(?:DEMO|MOCK)-N?Q$/, '');
}

function qualified(identifier: string, [surname, givenName]: Name, behaviour: Behaviour): Account {
  const documentNumber = documentNumberOf(identifier, 'QUALIFIED');
  return { identifier, documentNumber, surname, givenName, level: 'QUALIFIED', behaviour };
}

function failing(code: string, endResult: FailedEndResult): Account {
  return qualified(`PNOEE-${code}`, ['TESTNUMBER', nameOf(endResult)], {
    kind: 'automated',
    answer: { endResult },
  });
}

function refusing(code: string, status: RefusalStatus): Account {
  return qualified(`PNOEE-${code}`, ['TESTNUMBER', 'REFUSED'], { kind: 'refused', status });
}

function nameOf(endResult: string): string {
  return endResult.replaceAll('_', ' ');
}
