/** The first state of an attempt: the request, a new challenge, and its callback. */
import { createHash } from 'node:crypto';
import type { AuthenticationRequest, Authenticator } from './authenticator.ts';
import type { PendingAttempt } from './attempt.ts';
import type { LoginRequest } from './login-request.ts';

/** How long a verification code is shown before the push whose screen covers it is sent, in milliseconds. */
export const CODE_FIRST_MS = 3_000;

/** Length of a callback's random value, in bytes. */
const CALLBACK_VALUE_BYTES = 32;

export interface NewAttemptDependencies {
  readonly authenticator: Pick<Authenticator, 'prepare'>;
  readonly now: () => number;
  readonly newId: () => string;
  readonly randomBytes: (size: number) => Uint8Array;
  /** Address that the app opens after a confirmation, e.g. `https://login.example.ee/callback/smart-id`; no query. */
  readonly callbackUrl: string;
}

export function newAttempt(request: LoginRequest, dependencies: NewAttemptDependencies): PendingAttempt {
  const { authenticator, now, newId } = dependencies;
  const { interactionUid, clientId, address, browser, flow } = request;
  const createdAt = now();
  const codeFirst = 'codeFirst' in request && request.codeFirst;
  const knownBrowser =
    'knownBrowser' in request && (request.knownBrowser || request.hasOwnAllowance === true);
  const backchannel = 'backchannel' in request && request.backchannel === true;
  const base = {
    state: 'pending',
    id: newId(),
    interactionUid,
    clientId,
    createdAt,
    flow,
    codeFirst,
    knownBrowser,
    address,
    ...(browser !== undefined && { browser }),
    ...(backchannel && { backchannel }),
  } as const;
  const startAt = codeFirst ? createdAt + CODE_FIRST_MS : createdAt;
  switch (request.flow) {
    case 'notification':
      return { ...base, startAt, ...preparedFor(authenticator, request) };
    case 'qr':
    case 'web2app': {
      const value = Buffer.from(dependencies.randomBytes(CALLBACK_VALUE_BYTES)).toString('base64url');
      const callbackUrl = `${dependencies.callbackUrl}?value=${value}`;
      return {
        ...base,
        startAt,
        callbackHash: callbackHashOf(value),
        ...preparedFor(authenticator, { ...request, callbackUrl }),
      };
    }
  }
}

function preparedFor(
  authenticator: NewAttemptDependencies['authenticator'],
  request: AuthenticationRequest,
): Pick<PendingAttempt, 'prepared' | 'identifier'> {
  const { expectedIdentifier: identifier, ...prepared } = authenticator.prepare(request);
  return identifier === undefined ? { prepared } : { prepared, identifier };
}

/** The ID of what limits refuse in an interaction: one for all of it, so that a flood of refusals adds one row and no more. */
export function refusedIdOf(interactionUid: string): string {
  return createHash('sha256').update(`refused\n${interactionUid}`).digest('base64url');
}

/** The hash by which the store finds a callback, whose value is a credential. */
export function callbackHashOf(value: string): string {
  return createHash('sha256').update(value).digest('base64url');
}
