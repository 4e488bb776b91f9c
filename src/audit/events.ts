/**
 * What the audit knows: one closed union, a member for each thing that an auditor may ask about. Members are protocol
 * words, codes, client ids and key ids; never a name, a code that was typed or issued, a token or a session.
 *
 * `person` and `address` are the exceptions while an event is in memory: they are given as they are, and `record` turns
 * them into pseudonyms before anything is written.
 */

import type { Flow } from '../flows/flows.ts';

/** What the events of one login share: its attempt joins them. */
interface OfAttempt {
  readonly attempt: string;
  readonly client: string;
  /** The flow that the person chose. */
  readonly flow: Flow;
  /** Semantics identifier; written as a pseudonym. Undefined while a device link is for anybody. */
  readonly person?: string | undefined;
}

/** From the beginning of the attempt. */
interface Lasting {
  readonly milliseconds: number;
}

/** Who asked, as far as it is known; a client's id only once it is one of ours. */
interface Asked {
  readonly client?: string | undefined;
  readonly person?: string | undefined;
  /** Of the login that it came of. */
  readonly attempt?: string | undefined;
  /** The network address; written as a pseudonym. */
  readonly address?: string | undefined;
}

type LoginEvent =
  | ({ readonly event: 'login_begun'; readonly address?: string | undefined } & OfAttempt)
  | ({
      readonly event:
        'login_waiting' | 'login_returned' | 'login_authenticated' | 'login_finished' | 'login_cancelled';
    } & OfAttempt &
      Lasting)
  | ({
      readonly event: 'login_failed';
      readonly code: string;
      readonly detail: string;
      readonly screen?: string | undefined;
      /** From when on another try made sense, in milliseconds since the epoch. */
      readonly retryAt?: number | undefined;
    } & OfAttempt &
      Lasting)
  /** The way back from the app, used before or never ours. One in a wrong browser is a failed login. */
  | { readonly event: 'callback_refused'; readonly code: 'callback_spent' };

type TokenEvent =
  | ({ readonly event: 'code_issued' } & Asked)
  /** The code was redeemed; `key` signed the ID token. */
  | ({ readonly event: 'tokens_issued'; readonly key: string | undefined } & Asked)
  /** All that a login gave is void: a logout, or a code that came a second time. */
  | ({ readonly event: 'grant_revoked'; readonly endpoint: string } & Asked)
  | ({ readonly event: 'logged_out' } & Asked)
  | ({
      readonly event: 'oidc_refused';
      readonly endpoint: string;
      readonly code: string;
      readonly detail?: string | undefined;
    } & Asked);

/** REVOCATION=best-effort let a certificate pass that nobody could be asked about. */
interface UncheckedEvent {
  readonly event: 'revocation_unchecked';
  readonly detail: string;
}

/** What is refused before there is a login. */
type RefusalEvent =
  /** NOTIFICATION_POLICY does not let this browser send a push. */
  | ({ readonly event: 'push_refused'; readonly code: 'way_not_offered' | 'browser_not_known' } & Asked)
  /** A login that was begun has to wait for its start; `login_failed` says how long. */
  | ({ readonly event: 'login_limited'; readonly by: 'address' | 'client' | 'person' | 'push' } & Asked)
  /** A form of ours that another site sent. */
  | ({ readonly event: 'cross_site_refused' } & Asked)
  /** The address of a login that goes on, in a browser that it did not begin in. */
  | ({ readonly event: 'browser_refused' } & Asked);

/** What of a client's metadata decides who gets codes and tokens. */
interface OfClient {
  readonly client: string;
  readonly redirectUris: readonly string[];
  readonly authentication: 'secret' | 'none';
  /** Whether it must use PKCE. */
  readonly pkce: boolean;
}

type OperationEvent =
  /** Somebody has read the audit, of everybody or of one person. */
  | { readonly event: 'audit_exported'; readonly person?: string | undefined }
  | ({ readonly event: 'client_added' } & OfClient)
  /** Its metadata; `changed` names what of it. */
  | ({ readonly event: 'client_changed'; readonly changed: readonly string[] } & OfClient)
  | { readonly event: 'client_secret_changed'; readonly client: string }
  | { readonly event: 'client_removed'; readonly client: string }
  /** A key that signs tokens was made, moved on or removed, by schedule or by command. */
  | {
      readonly event: 'signing_key_changed';
      readonly kid: string;
      readonly alg: string;
      /** Absent where it was made. */
      readonly from?: string | undefined;
      /** Absent where it was removed. */
      readonly to?: string | undefined;
    }
  /** Rows were sealed anew with the first SECRET_KEY. */
  | { readonly event: 'rows_reencrypted'; readonly resealed: number; readonly unopened: number }
  | {
      readonly event: 'instance_started';
      readonly version: string;
      readonly issuer: string;
      readonly environment: string;
      readonly apiVersion: string;
      readonly certificateLevel: string;
      readonly flows: readonly string[];
      readonly notificationPolicy: string;
      readonly revocation: string;
      /** ISO 3166-1 alpha-2; none: every one. */
      readonly countries: readonly string[];
      /** SHA-256 of the CA certificates that are trusted. */
      readonly authorities: readonly string[];
      readonly tlsPins: readonly string[];
    }
  | { readonly event: 'instance_stopped' };

/** What the audit says of itself. */
type AuditGapEvent =
  /** Events that could not be kept; the log has them. */
  | { readonly event: 'audit_events_lost'; readonly count: number }
  /** More refusals of one kind than the audit takes in a minute; the log has each. */
  | { readonly event: 'refusals_omitted'; readonly of: string; readonly count: number };

export type AuditEvent =
  LoginEvent | UncheckedEvent | TokenEvent | RefusalEvent | OperationEvent | AuditGapEvent;

export type AuditEventName = AuditEvent['event'];

/** What anybody can cause as often as they like, without a login. */
const CHEAP_REFUSALS: readonly AuditEventName[] = [
  'oidc_refused',
  'callback_refused',
  'push_refused',
  'login_limited',
  'cross_site_refused',
  'browser_refused',
];

export function isCheapRefusal(name: AuditEventName): boolean {
  return CHEAP_REFUSALS.includes(name);
}

export function levelOf(name: AuditEventName): 'info' | 'warn' | 'error' {
  switch (name) {
    case 'audit_events_lost':
      return 'error';
    case 'login_failed':
    case 'revocation_unchecked':
    case 'refusals_omitted':
      return 'warn';
    case 'login_begun':
    case 'login_waiting':
    case 'login_returned':
    case 'login_authenticated':
    case 'login_finished':
    case 'login_cancelled':
    case 'callback_refused':
    case 'code_issued':
    case 'tokens_issued':
    case 'grant_revoked':
    case 'logged_out':
    case 'oidc_refused':
    case 'push_refused':
    case 'login_limited':
    case 'cross_site_refused':
    case 'browser_refused':
    case 'audit_exported':
    case 'client_added':
    case 'client_changed':
    case 'client_secret_changed':
    case 'client_removed':
    case 'signing_key_changed':
    case 'rows_reencrypted':
    case 'instance_started':
    case 'instance_stopped':
      return 'info';
  }
}
