/**
 * Device links: what a QR code says and where "Open Smart-ID app" leads. (RP API 3.2, Device link flows)
 *
 *   session ─▶ link without code ─▶ authCode: HMAC over it and what was asked, key: the session's secret ─▶ link with code
 *
 * The code proves to Smart-ID that the link comes from whoever started the session, and, in a QR code, just now.
 */
import { createHmac } from 'node:crypto';
import { FLOW_TRAITS } from '../flows/flows.ts';
import type { AuthenticationSession, DeviceLinkParts } from './authentication.ts';

type DeviceLinkSession = Omit<AuthenticationSession, 'sessionId'> & { readonly deviceLink: DeviceLinkParts };

/** What the code of a link covers besides the link. */
export interface AuthCodeFields {
  readonly schemeName: string;
  /** Base64, as it was sent. */
  readonly rpChallenge: string;
  readonly relyingPartyName: string;
  /** Default: empty, no broker is between. */
  readonly brokeredRpName?: string;
  /** Base64, as it was sent. */
  readonly interactions: string;
  /** As it was sent, for Web2App. Default: empty, as for QR. */
  readonly initialCallbackUrl?: string;
}

/**
 * The link of a QR code, right now: never make one ahead of time, and show none for longer than three seconds.
 *
 * @param now milliseconds since the epoch
 * @param language of SK's fallback page, as in {@link deviceLinkLanguage}
 */
export function qrLink(session: DeviceLinkSession, now: number, language: string): string {
  const { deviceLink } = session;
  // A clock that was set back makes no time before the session.
  const elapsedSeconds = Math.max(0, Math.floor((now - deviceLink.receivedAt) / 1000));
  const kind = `deviceLinkType=${FLOW_TRAITS.qr.wireName}&elapsedSeconds=${elapsedSeconds}`;
  return withCode(linkOf(deviceLink, kind, language), session, '');
}

/** The link that opens the app on the device of the browser; the app then leads back to the callback URL. */
export function appLink(session: DeviceLinkSession, language: string): string {
  const { deviceLink } = session;
  const link = linkOf(deviceLink, `deviceLinkType=${FLOW_TRAITS.web2app.wireName}`, language);
  return withCode(link, session, deviceLink.initialCallbackUrl);
}

/**
 * The code of a link: Base64url of an HMAC-SHA-256. (RP API 3.2, authCode calculation)
 *
 * @param link without its code
 * @param sessionSecret Base64, as it came
 */
export function authCode(link: string, fields: AuthCodeFields, sessionSecret: string): string {
  const payload = [
    fields.schemeName,
    'ACSP_V2',
    fields.rpChallenge,
    base64(fields.relyingPartyName),
    base64(fields.brokeredRpName ?? ''),
    fields.interactions,
    fields.initialCallbackUrl ?? '',
    link,
  ].join('|');
  const key = Buffer.from(sessionSecret, 'base64');
  return createHmac('sha256', key).update(payload, 'utf8').digest('base64url');
}

const LANGUAGES: ReadonlyMap<string, string> = new Map([
  ['et', 'est'],
  ['lv', 'lav'],
  ['lt', 'lit'],
  ['en', 'eng'],
  ['ru', 'rus'],
  ['nl', 'nld'],
  ['fr', 'fra'],
  ['de', 'deu'],
]);

/**
 * The ISO 639-2 code of a page's language, by its BCP 47 tag (`et`, `de-AT`). Default for any other: `eng`; it decides on
 * nothing but SK's fallback page.
 */
export function deviceLinkLanguage(language: string): string {
  return LANGUAGES.get(language.split('-', 1)[0]?.toLowerCase() ?? '') ?? 'eng';
}

/** The order is part of the agreement, and nothing is URL encoded: every value is URL-safe as it is. */
function linkOf({ deviceLinkBase, sessionToken }: DeviceLinkParts, kind: string, language: string): string {
  const lang = deviceLinkLanguage(language);
  return `${deviceLinkBase}?${kind}&sessionToken=${sessionToken}&sessionType=auth&version=1.0&lang=${lang}`;
}

function withCode(link: string, session: DeviceLinkSession, initialCallbackUrl: string): string {
  const { schemeName, rpChallenge, relyingPartyName, interactions, deviceLink } = session;
  const fields = { schemeName, rpChallenge, relyingPartyName, interactions, initialCallbackUrl };
  return `${link}&authCode=${authCode(link, fields, deviceLink.sessionSecret)}`;
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
