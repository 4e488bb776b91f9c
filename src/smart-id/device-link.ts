/**
 * Device links: the content of a QR code, and the target of "Open Smart-ID app". (RP API 3.2, Device link flows)
 *
 *   session ─▶ link without authCode ─▶ authCode: HMAC over link and request, keyed with the session secret ─▶ link
 *
 * The authCode proves to Smart-ID that the relying party which created the session made the link and, in a QR code,
 * that it did so within the last seconds.
 */
import { createHmac } from 'node:crypto';
import { FLOW_TRAITS } from '../flows/flows.ts';
import type { AuthenticationSession, DeviceLinkParts } from './authentication.ts';

type DeviceLinkSession = Omit<AuthenticationSession, 'sessionId'> & { readonly deviceLink: DeviceLinkParts };

/** The fields that an authCode covers in addition to the link. (RP API 3.2, authCode calculation) */
export interface AuthCodeFields {
  readonly schemeName: string;
  /** Base64, exactly as sent. */
  readonly rpChallenge: string;
  readonly relyingPartyName: string;
  /** Default: empty, since no broker is involved. */
  readonly brokeredRpName?: string;
  /** Base64, exactly as sent. */
  readonly interactions: string;
  /** Exactly as sent, for Web2App. Default: empty, as for QR. */
  readonly initialCallbackUrl?: string;
}

/**
 * Returns the link for a QR code at the time `now`. It contains the session's age: compute it when it is shown, and
 * replace it within three seconds. (RP API 3.2, Device link flows)
 *
 * @param now milliseconds since the epoch
 * @param language BCP 47 tag of the language of SK's fallback page, see {@link deviceLinkLanguage}
 */
export function qrLink(session: DeviceLinkSession, now: number, language: string): string {
  const { deviceLink } = session;
  // After the clock was set back, the age would be negative.
  const elapsedSeconds = Math.max(0, Math.floor((now - deviceLink.receivedAt) / 1000));
  const type = `deviceLinkType=${FLOW_TRAITS.qr.wireName}&elapsedSeconds=${elapsedSeconds}`;
  return withAuthCode(linkWithoutAuthCode(deviceLink, type, language), session, '');
}

/**
 * Returns the link that opens the app on the browser's own device. The app then returns the browser to the callback
 * URL. (RP API 3.2, Device link flows)
 *
 * @param language BCP 47 tag of the language of SK's fallback page, see {@link deviceLinkLanguage}
 */
export function appLink(session: DeviceLinkSession, language: string): string {
  const { deviceLink } = session;
  const link = linkWithoutAuthCode(deviceLink, `deviceLinkType=${FLOW_TRAITS.web2app.wireName}`, language);
  return withAuthCode(link, session, deviceLink.initialCallbackUrl);
}

/**
 * Computes the authCode of a link: Base64url of an HMAC-SHA-256. (RP API 3.2, authCode calculation)
 *
 * @param link without its authCode
 * @param sessionSecret Base64, as received
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
 * Maps a BCP 47 tag (`et`, `de-AT`) to its ISO 639-2 code. Default for an unknown language: `eng`. The code only
 * selects the language of SK's fallback page.
 */
export function deviceLinkLanguage(language: string): string {
  return LANGUAGES.get(language.split('-', 1)[0]?.toLowerCase() ?? '') ?? 'eng';
}

/** The RP API fixes the order of the parameters. No value needs URL encoding: the schema of each is URL-safe. */
function linkWithoutAuthCode(
  { deviceLinkBase, sessionToken }: DeviceLinkParts,
  type: string,
  language: string,
): string {
  const lang = deviceLinkLanguage(language);
  return `${deviceLinkBase}?${type}&sessionToken=${sessionToken}&sessionType=auth&version=1.0&lang=${lang}`;
}

function withAuthCode(link: string, session: DeviceLinkSession, initialCallbackUrl: string): string {
  const {
    schemeName,
    rpChallenge,
    relyingPartyName,
    brokeredRpName = '',
    interactions,
    deviceLink,
  } = session;
  const fields = {
    schemeName,
    rpChallenge,
    relyingPartyName,
    brokeredRpName,
    interactions,
    initialCallbackUrl,
  };
  return `${link}&authCode=${authCode(link, fields, deviceLink.sessionSecret)}`;
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
