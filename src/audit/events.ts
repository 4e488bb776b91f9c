/**
 * The audit events: one closed union. Members are protocol terms, error codes, client IDs and key IDs; never a name, a
 * personal code, an issued code, a token or a session ID.
 *
 * `person` and `address` are in plain text while an event is in memory; `record` replaces them by pseudonyms before anything
 * is written.
 */

import type { Flow } from '../flows/flows.ts';

/** Common members of the events of one login; `attempt` correlates them. */
interface OfAttempt {
  readonly attempt: string;
  readonly client: string;
  /** The flow that the person chose. */
  readonly flow: Flow;
  /** Semantics identifier; written as a pseudonym. Undefined for an anonymous device link before it is answered. */
  readonly person?: string | undefined;
  /** Present where the client asked without a browser (CIBA). */
  readonly channel?: 'backchannel' | undefined;
}

/** Time since the attempt was created. */
interface Elapsed {
  readonly milliseconds: number;
  /** Time since the state before began: of `login_authenticated` since the person could answer, of `login_finished` since the verification. */
  readonly legMilliseconds?: number | undefined;
}

/** The origin of a request, as far as it is known. Unknown client IDs are omitted. */
interface Requester {
  readonly client?: string | undefined;
  readonly person?: string | undefined;
  /** The login that the request belongs to. */
  readonly attempt?: string | undefined;
  /** The network address; written as a pseudonym. */
  readonly address?: string | undefined;
}

type LoginEvent =
  | ({
      readonly event: 'login_begun';
      readonly address?: string | undefined;
      /** Family and system of the browser, of a closed list: `Firefox, Windows`. */
      readonly browser?: string | undefined;
    } & OfAttempt)
  | ({
      readonly event:
        | 'login_waiting'
        | 'login_callback_received'
        | 'login_authenticated'
        | 'login_finished'
        | 'login_cancelled';
    } & OfAttempt &
      Elapsed)
  | ({
      readonly event: 'login_failed';
      readonly code: string;
      readonly detail: string;
      readonly screen?: string | undefined;
      /** The earliest useful retry, in milliseconds since the epoch. */
      readonly retryAt?: number | undefined;
    } & OfAttempt &
      Elapsed)
  /** A callback from the app that was used before or is unknown. A callback in the wrong browser is a `login_failed`. */
  | { readonly event: 'callback_refused'; readonly code: 'callback_spent' };

type TokenEvent =
  | ({ readonly event: 'code_issued' } & Requester)
  /** The code is that of a login which the client remembers: the person was not asked. `seconds`: since that login. */
  | ({ readonly event: 'login_remembered'; readonly seconds: number } & Requester)
  /** The code was redeemed; `key` signed the ID token. */
  | ({ readonly event: 'tokens_issued'; readonly key: string | undefined } & Requester)
  /** The client got a receipt of the login. */
  | ({ readonly event: 'receipt_issued' } & Requester)
  /** All tokens of a login were revoked: by a logout, or because a code was used twice. */
  | ({ readonly event: 'grant_revoked'; readonly endpoint: string } & Requester)
  | ({ readonly event: 'logged_out' } & Requester)
  /** A person has looked at their own history, as a page or a file. */
  | ({ readonly event: 'history_shown' } & Requester)
  | ({
      readonly event: 'oidc_refused';
      readonly endpoint: string;
      readonly code: string;
      readonly detail?: string | undefined;
      /** Of a redirect URI that is not registered: scheme, host and path. */
      readonly redirectUri?: string | undefined;
    } & Requester);

/** REVOCATION=best-effort accepted a certificate whose revocation could not be checked. */
interface UncheckedEvent {
  readonly event: 'revocation_unchecked';
  readonly detail: string;
}

/** Requests that are refused before a login exists. */
type RefusalEvent =
  /** NOTIFICATION_POLICY does not allow a push from this browser. */
  | ({ readonly event: 'push_refused'; readonly code: 'way_not_offered' | 'browser_not_known' } & Requester)
  /** A limit delays the start of a login; `login_failed` has the time. */
  | ({
      readonly event: 'login_limited';
      readonly by: 'address' | 'client' | 'person' | 'push' | 'instance';
      readonly channel?: 'backchannel' | undefined;
    } & Requester)
  /** A cross-site form submission. */
  | ({ readonly event: 'cross_site_refused' } & Requester)
  /** The URL of a login was opened in a browser that did not begin it. */
  | ({ readonly event: 'browser_refused' } & Requester);

/** The client metadata that decides who gets codes and tokens. */
interface OfClient {
  readonly client: string;
  readonly redirectUris: readonly string[];
  readonly authentication: 'secret' | 'private_key' | 'certificate' | 'none';
  /** Whether it must use PKCE. */
  readonly pkce: boolean;
}

type OperationEvent =
  /** The audit was exported, completely or for one person. */
  | { readonly event: 'audit_exported'; readonly person?: string | undefined }
  | ({ readonly event: 'client_added' } & OfClient)
  /** `changed` lists the changed metadata. */
  | ({ readonly event: 'client_changed'; readonly changed: readonly string[] } & OfClient)
  | {
      readonly event: 'client_secret_changed';
      readonly client: string;
      /** ISO 8601. Absent when the old secret is invalid at once. */
      readonly oldSecretUntil?: string | undefined;
    }
  | { readonly event: 'client_removed'; readonly client: string }
  /** Browsers that knew a person were made unknown: all by command, which ends the person's logins too, or by the person. */
  | {
      readonly event: 'browsers_forgotten';
      readonly person: string;
      readonly browsers: number;
      readonly logins: number;
    }
  /** A signing key was created, changed its state or was removed, by schedule or by command. */
  | {
      readonly event: 'signing_key_changed';
      readonly kid: string;
      readonly alg: string;
      /** Absent for a new key. */
      readonly from?: string | undefined;
      /** Absent for a removed key. */
      readonly to?: string | undefined;
    }
  /** Rows were re-encrypted with the first SECRET_KEY. */
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
      /** ISO 3166-1 alpha-2; empty: all. */
      readonly countries: readonly string[];
      /** SHA-256 fingerprints of the trusted CA certificates. */
      readonly authorities: readonly string[];
      readonly tlsPins: readonly string[];
    }
  | { readonly event: 'instance_stopped' };

/** Gaps in the audit. */
type AuditGapEvent =
  /** Events that could not be stored; they are in the log. */
  | { readonly event: 'audit_events_lost'; readonly count: number }
  /** Refusals beyond the limit of their event; they are in the log. */
  | { readonly event: 'refusals_omitted'; readonly of: string; readonly count: number };

export type AuditEvent =
  LoginEvent | UncheckedEvent | TokenEvent | RefusalEvent | OperationEvent | AuditGapEvent;

export type AuditEventName = AuditEvent['event'];

/** Refusals that anybody can cause in any number, without a login. */
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
    case 'login_callback_received':
    case 'login_authenticated':
    case 'login_finished':
    case 'login_cancelled':
    case 'callback_refused':
    case 'code_issued':
    case 'login_remembered':
    case 'tokens_issued':
    case 'receipt_issued':
    case 'grant_revoked':
    case 'logged_out':
    case 'history_shown':
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
    case 'browsers_forgotten':
    case 'signing_key_changed':
    case 'rows_reencrypted':
    case 'instance_started':
    case 'instance_stopped':
      return 'info';
  }
}
