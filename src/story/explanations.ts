/** What the codes of the audit mean for an operator, and what can be done. */
import type { AuditEventName } from '../audit/events.ts';
import type { FailureCode } from '../login/failure.ts';

export interface Explanation {
  readonly means: string;
  readonly todo: string;
}

const NOTHING = 'Nothing. The person can try again.';
const SUPPORT = 'The person asks Smart-ID’s support, or looks into the app. Sild cannot help.';

export const FAILURES: Readonly<Record<FailureCode, Explanation>> = {
  request_malformed: {
    means: 'Smart-ID did not accept the form of the request.',
    todo: 'Update Sild; if it is the newest release, report it with the detail.',
  },
  relying_party_not_allowed: {
    means: 'Smart-ID does not know this relying party, or does not allow it this request.',
    todo: 'Compare SMARTID_RP_UUID and the names with your agreement; ask SK whether your addresses and flows are allowed.',
  },
  account_not_found: {
    means: 'This person has no Smart-ID account, or the personal code was mistyped.',
    todo: 'The person checks the code, or gets a Smart-ID account.',
  },
  account_not_suitable: {
    means: 'The account’s level is lower than the login demands (Smart-ID Basic).',
    todo: 'The person upgrades the account; or you lower SMARTID_CERTIFICATE_LEVEL or the client’s certificate_level.',
  },
  attention_required: {
    means: 'Smart-ID wants the person to look into the app or its portal first.',
    todo: SUPPORT,
  },
  client_too_old: {
    means: 'Smart-ID no longer accepts this version of the RP API.',
    todo: 'Update Sild, or change SMARTID_API_VERSION.',
  },
  maintenance: {
    means: 'Smart-ID was under maintenance.',
    todo: 'Wait; SK announces maintenance on its status page.',
  },
  service_failed: {
    means: 'Smart-ID did not answer, or the answer was no result. It may have been the network.',
    todo: 'Look for smart_id_unreachable in the log, and run sild doctor.',
  },
  session_not_found: {
    means: 'Smart-ID did not know the session any more.',
    todo: NOTHING,
  },
  user_refused: { means: 'The person refused in the app.', todo: NOTHING },
  user_refused_interaction: { means: 'The person refused on the screen that is named.', todo: NOTHING },
  user_refused_certificate_choice: {
    means: 'The person has several accounts and chose none.',
    todo: NOTHING,
  },
  timeout: {
    means: 'The person did not answer in time. The phone may have been off, or the request was not theirs.',
    todo: 'If it happens to many at once, look at Smart-ID’s status page.',
  },
  wrong_verification_code: {
    means: 'The person chose another code than the page showed. Somebody else may have started the login.',
    todo: 'Ask whether the person had started it. If not, see “Phishing relay” in docs/security.md.',
  },
  document_unusable: { means: 'Smart-ID says that the account cannot be used.', todo: SUPPORT },
  account_unusable: { means: 'The certificate is revoked, or the account is closed.', todo: SUPPORT },
  interaction_not_supported: {
    means: 'The person’s app is too old for the screen that was asked for.',
    todo: 'The person updates the app.',
  },
  protocol_failure: { means: 'Smart-ID ended the session with an error of its protocol.', todo: NOTHING },
  server_error: { means: 'Smart-ID ended the session with an error of its own.', todo: NOTHING },
  expected_linked_session: {
    means: 'Smart-ID expected another kind of session.',
    todo: 'Update Sild; if it is the newest release, report it.',
  },
  unknown_end_result: {
    means: 'Smart-ID ended the session with a result that this release does not know.',
    todo: 'Update Sild; the detail has the result.',
  },
  response_malformed: {
    means: 'Smart-ID’s answer did not have its documented form.',
    todo: 'Update Sild; check that SMARTID_BASE_URL leads to Smart-ID.',
  },
  response_refused: {
    means: 'Smart-ID’s answer failed verification at the step that the detail names: nobody was logged in.',
    todo: 'Take it seriously: either a CA or a setting is missing (sild trust check), or somebody forged an answer. response_refused in the log has more.',
  },
  revocation_unavailable: {
    means: 'Neither the CA’s OCSP responder nor its revocation list gave a valid answer.',
    todo: 'Look for revocation_source_failed in the log; the http addresses in the certificates must be reachable.',
  },
  callback_refused: {
    means: 'The app returned to another browser than the one that began, or with wrong values.',
    todo: 'Usually the phone’s default browser is another one: the person begins in that one. Many such cases may be an attack.',
  },
  person_mismatch: {
    means: 'Somebody else than the person whom the client expects confirmed the login.',
    todo: 'The person uses their own account. If the client names the wrong person (login_hint), tell its developers.',
  },
  country_not_allowed: {
    means: 'People of this country may not log in here.',
    todo: 'See SMARTID_COUNTRIES and the client’s countries.',
  },
  too_many_logins: {
    means: 'Too many logins from this network or at this client; Smart-ID was not asked.',
    todo: 'Wait. If the limit strikes ordinary use, see RATE_ADDRESS, RATE_CLIENT and TRUST_PROXY.',
  },
  too_many_logins_of_person: {
    means: 'Too many logins of this person; Smart-ID was not asked.',
    todo: 'Wait, or use the QR code. If the person did not start them, somebody else did.',
  },
  too_many_waiting: {
    means: 'As many logins were waiting at the instance as it takes; Smart-ID was not asked.',
    todo: 'Wait. If it happens often, add an instance, or see WAITING_LIMIT.',
  },
  push_too_soon: {
    means: 'An earlier request to the person’s phone was not confirmed, so the next one has to wait.',
    todo: 'Wait, or use the QR code. If the person did not start them, somebody else did.',
  },
};

/** One sentence for each event that can be part of a story. The others stand with their name. */
export const EVENTS: Readonly<Partial<Record<AuditEventName, string>>> = {
  login_begun: 'The login began, and Sild asked Smart-ID for a session',
  login_waiting: 'Smart-ID created the session; the person could answer',
  login_callback_received: 'The app returned to the browser',
  login_authenticated: 'The answer was verified',
  login_finished: 'The login was complete, and the browser went back to the client',
  login_cancelled: 'The login was cancelled, by the person or by another attempt in its place',
  login_failed: 'The login failed',
  login_limited: 'A limit refused the login',
  login_remembered: 'The client got a login that is remembered; nobody was asked',
  code_issued: 'The client got a code',
  tokens_issued: 'The client redeemed the code for tokens',
  receipt_issued: 'The client got a receipt',
  grant_revoked: 'The tokens were revoked',
  logged_out: 'The login ended by a logout',
  callback_refused: 'A callback was opened that was used before, or never existed',
  oidc_refused: 'A request of the client was refused',
  push_refused: 'A request to a phone was refused by the notification policy',
  cross_site_refused: 'A form of another site was refused',
  browser_refused: 'The address of a login was opened in a browser that did not begin it',
  revocation_unchecked: 'A certificate was accepted although its revocation could not be checked',
};

/** For events that end a story without a login’s failure. */
export const REFUSALS: Readonly<Partial<Record<AuditEventName, Explanation>>> = {
  callback_refused: {
    means: 'The page of the app’s return was opened a second time, from the history or by a preview.',
    todo: NOTHING,
  },
  oidc_refused: {
    means:
      'The client’s request did not follow the protocol or the client’s registration: code and detail say how.',
    todo: 'Compare the request with sild client show; docs/clients.md names the usual causes.',
  },
  push_refused: {
    means:
      'With NOTIFICATION_POLICY only browsers that the person has used before may send a request to the phone.',
    todo: 'The person logs in with the QR code or the app once.',
  },
  cross_site_refused: {
    means: 'Another site tried to send a form to Sild, or a proxy changed the header Origin.',
    todo: 'If people report it, check that ISSUER is the address that they see.',
  },
  browser_refused: {
    means: 'The address of the login page was copied, or cookies are blocked.',
    todo: 'The person begins again at the client.',
  },
  login_remembered: {
    means: 'The client’s remember_login allows it.',
    todo: 'sild browsers forget ends it.',
  },
};
