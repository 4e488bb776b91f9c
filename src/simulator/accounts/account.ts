/** An account of the simulated Smart-ID service, and what it does with a request. */

export type CertificateLevel = 'QUALIFIED' | 'ADVANCED';

/** How an authentication ends. (RP API 3.2, Session endpoint) */
export type Answer =
  | { readonly endResult: 'OK' }
  | { readonly endResult: 'USER_REFUSED_INTERACTION'; readonly interaction: string }
  | { readonly endResult: FailedEndResult };

export const FAILED_END_RESULTS = [
  'USER_REFUSED',
  'USER_REFUSED_CERT_CHOICE',
  'TIMEOUT',
  'WRONG_VC',
  'DOCUMENT_UNUSABLE',
  'ACCOUNT_UNUSABLE',
  'REQUIRED_INTERACTION_NOT_SUPPORTED_BY_APP',
  'PROTOCOL_FAILURE',
  'SERVER_ERROR',
  'EXPECTED_LINKED_SESSION',
] as const;
export type FailedEndResult = (typeof FAILED_END_RESULTS)[number];

/** HTTP statuses of a request for which the service creates no session. */
export const REFUSAL_STATUSES = [401, 403, 404, 472, 480, 500, 580] as const;
export type RefusalStatus = (typeof REFUSAL_STATUSES)[number];

export type Behaviour =
  /** A person answers on the virtual phone. */
  | { readonly kind: 'phone' }
  /** The simulator answers after the delay. */
  | { readonly kind: 'automated'; readonly answer: Answer }
  /** The service creates no session. */
  | { readonly kind: 'refused'; readonly status: RefusalStatus };

/** One account of a person. A person may have several, each with its own document. */
export interface Account {
  /** ETSI EN 319 412-1 semantics identifier of the person. */
  readonly identifier: string;
  /** Such as `PNOEE-40504040001-DEMO-Q`. It ends in `-Q` for qualified accounts and in `-NQ` for others. */
  readonly documentNumber: string;
  /** A misprint under which SK publishes the document number. */
  readonly publishedAs?: string | undefined;
  readonly surname: string;
  readonly givenName: string;
  /** `YYYY-MM-DD` for the certificate's dateOfBirth attribute; if absent, the certificate has no such attribute. */
  readonly birthDate?: string | undefined;
  /** QUALIFIED, or ADVANCED for a Smart-ID Basic account. */
  readonly level: CertificateLevel;
  readonly behaviour: Behaviour;
  /** Set if its certificate is always revoked, independent of the settings at /revocation. */
  readonly revoked?: true;
}

/** Whether the account's level is at least the requested one. */
export function isSuitable({ level }: Account, requested: CertificateLevel): boolean {
  return level === 'QUALIFIED' || requested === 'ADVANCED';
}

/** The document number of an account in the series; the simulator's own accounts are in the series `DEMO`. */
export function documentNumberOf(identifier: string, level: CertificateLevel, series = 'DEMO'): string {
  return `${identifier}-${series}-${level === 'QUALIFIED' ? 'Q' : 'NQ'}`;
}
