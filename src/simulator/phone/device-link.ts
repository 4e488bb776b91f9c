/**
 * Device links: what the service gives a relying party to build them, and the validation of an opened link. (RP API 3.2,
 * Device link flows; authCode calculation)
 */
import { createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import type { AcspRequest } from '../accounts/authentication-request.ts';
import type { DeviceLink, DeviceLinkType, Session } from '../accounts/sessions.ts';
import { SCHEME_NAME } from '../accounts/signing.ts';

export interface AuthCodeContext {
  readonly schemeName: string;
  readonly rpChallenge: string;
  readonly relyingPartyName: string;
  /** Empty without a broker. */
  readonly brokeredRpName: string;
  /** Base64 as sent by the relying party. */
  readonly interactions: string;
  /** Empty for a QR code. */
  readonly initialCallbackUrl: string;
  /** The link without its authCode. */
  readonly link: string;
}

/** The defects of a link, with an explanation for the developer who opened it. */
export const LINK_DEFECTS = {
  malformed:
    'It is not a device link: its parameters are missing, in another order, or written in another way.',
  base: 'It does not begin with the deviceLinkBase that this simulator gave.',
  link_type: 'Its deviceLinkType is none of QR, Web2App and App2App.',
  elapsed_seconds: 'elapsedSeconds must be in a QR code’s link, as whole seconds, and in no other link.',
  session_type: 'Its sessionType is not auth.',
  version: 'Its version is not 1.0.',
  unknown_session: 'There is no session with its sessionToken, or none any more.',
  auth_code:
    'Its authCode is wrong: another key, another payload, or a link that was changed after the code was made.',
  too_old: 'This QR code is too old. Scan the one that is shown now.',
  too_early: 'Its elapsedSeconds are in the future: QR codes must not be made ahead of time.',
  callback: 'Its session has no initialCallbackUrl, so it has QR codes only.',
  session_over: 'Its session is over: it was answered, or its time is up.',
} as const;
export type LinkDefect = keyof typeof LINK_DEFECTS;

export type OpenedLink =
  | { readonly kind: 'accepted'; readonly session: Session; readonly linkType: DeviceLinkType }
  | { readonly kind: 'refused'; readonly defect: LinkDefect };

export interface LinkContext {
  readonly sessions: readonly Session[];
  readonly deviceLinkBase: string;
  readonly now: Date;
}

const PARAMETERS =
  /^deviceLinkType=([^&]*)(?:&elapsedSeconds=([^&]*))?&sessionToken=([^&]*)&sessionType=([^&]*)&version=([^&]*)&lang=[a-z]{3}&authCode=([A-Za-z0-9_-]{43})$/;
const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const TOKEN_LENGTH = 24;
/** A code may be shown for 3 seconds; the rest is for scanning it and for slow machines. */
const QR_LIFETIME_SECONDS = 10;
/** Tolerance for clock differences. */
const QR_TOLERANCE_SECONDS = 1;

export function createDeviceLink(initialCallbackUrl?: string): DeviceLink {
  const characters = Array.from({ length: TOKEN_LENGTH }, () => ALPHANUMERIC[randomInt(ALPHANUMERIC.length)]);
  return {
    sessionToken: characters.join(''),
    sessionSecret: randomBytes(32).toString('base64'),
    initialCallbackUrl,
  };
}

/** The authCode, which binds a link to its authentication request. */
export function authCodeOf(context: AuthCodeContext, sessionSecret: string): string {
  const payload = [
    context.schemeName,
    'ACSP_V2',
    context.rpChallenge,
    Buffer.from(context.relyingPartyName).toString('base64'),
    Buffer.from(context.brokeredRpName).toString('base64'),
    context.interactions,
    context.initialCallbackUrl,
    context.link,
  ].join('|');
  return createHmac('sha256', Buffer.from(sessionSecret, 'base64')).update(payload).digest('base64url');
}

/** Validates an opened link as the app does, including the order of its parameters, and finds its session. */
export function readDeviceLink(text: string, { sessions, deviceLinkBase, now }: LinkContext): OpenedLink {
  const [base, query, ...more] = text.split('?');
  const parameters = PARAMETERS.exec(query ?? '');
  if (!parameters || more.length > 0) return refused('malformed');
  if (base !== deviceLinkBase) return refused('base');
  const [, linkType = '', elapsed, sessionToken, sessionType, version, authCode = ''] = parameters;
  if (!isLinkType(linkType)) return refused('link_type');
  if (linkType === 'QR' ? !/^\d{1,9}$/.test(elapsed ?? '') : elapsed !== undefined)
    return refused('elapsed_seconds');
  if (sessionType !== 'auth') return refused('session_type');
  if (version !== '1.0') return refused('version');

  const session = sessions.find(({ deviceLink }) => deviceLink?.sessionToken === sessionToken);
  const { deviceLink, request } = session ?? {};
  if (!session || !deviceLink || request?.api !== 'v3') return refused('unknown_session');
  const link = text.slice(0, text.lastIndexOf('&authCode='));
  if (!isAuthCode(authCode, { request, deviceLink, linkType, link })) return refused('auth_code');
  if (linkType !== 'QR' && deviceLink.initialCallbackUrl === undefined) return refused('callback');
  if (session.completed) return refused('session_over');

  if (linkType === 'QR') {
    const age = (now.getTime() - session.startedAt.getTime()) / 1000 - Number(elapsed);
    if (age > QR_LIFETIME_SECONDS) return refused('too_old');
    if (age < -QR_TOLERANCE_SECONDS) return refused('too_early');
  }
  return { kind: 'accepted', session, linkType };
}

interface Signed {
  readonly request: AcspRequest;
  readonly deviceLink: DeviceLink;
  readonly linkType: DeviceLinkType;
  readonly link: string;
}

function isAuthCode(authCode: string, { request, deviceLink, linkType, link }: Signed): boolean {
  const context = {
    schemeName: SCHEME_NAME,
    rpChallenge: request.rpChallenge,
    relyingPartyName: request.relyingPartyName,
    brokeredRpName: request.brokeredRpName,
    interactions: request.interactions,
    initialCallbackUrl: linkType === 'QR' ? '' : (deviceLink.initialCallbackUrl ?? ''),
    link,
  };
  const expected = authCodeOf(context, deviceLink.sessionSecret);
  return timingSafeEqual(Buffer.from(authCode), Buffer.from(expected));
}

function isLinkType(text: string): text is DeviceLinkType {
  return text === 'QR' || text === 'Web2App' || text === 'App2App';
}

function refused(defect: LinkDefect): OpenedLink {
  return { kind: 'refused', defect };
}
