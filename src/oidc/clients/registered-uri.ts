/**
 * Proofreads the URIs of client metadata. A redirect URI is compared character by character and then read by a browser: one
 * with a typing error would be registered without effect, or lead elsewhere than it seems to.
 */
import { z } from 'zod';
import { invisibleIn } from '../../invisible-characters.ts';

/** Parameters of Sild's responses. (OpenID Connect Core 3.1.2.5, 3.1.2.6, RFC 9207) */
const RESPONSE_PARAMETERS = ['code', 'state', 'iss', 'error', 'error_description', 'scope'];

/** An absolute http or https URI: its authority, and what follows it. (RFC 3986 4.3, RFC 9110 4.2) */
const WEB = /^https?:\/\/(?<authority>[^/?#]+)(?<rest>.*)$/i;

/** A `client_uri`, or the `uri` of a service: pages have links to them. */
export const webUri = proofread((uri) => spellingProblem(uri) ?? webProblem(uri));

/** A URI to which Sild itself connects. */
export const httpsUri = proofread((uri) => spellingProblem(uri) ?? httpsProblem(uri));

/** An `initiate_login_uri`. */
export const loginUri = proofread((uri) => spellingProblem(uri) ?? httpsProblem(uri) ?? issuerProblem(uri));

/** `redirect_uris` or `post_logout_redirect_uris`. */
export const redirectUris = z
  .array(proofread((uri) => spellingProblem(uri) ?? redirectProblem(uri)))
  .superRefine((uris, context) => {
    const repeated = uris.find((uri, at) => uris.indexOf(uri) < at);
    if (repeated !== undefined) {
      context.addIssue(`${JSON.stringify(repeated)} is listed twice: remove one of them`);
    }
  });

function proofread(problemOf: (uri: string) => string | undefined): z.ZodType<string> {
  return z.string().refine((uri) => problemOf(uri) === undefined, {
    error: ({ input }) => `${JSON.stringify(input)} ${problemOf(String(input))}`,
  });
}

/** @returns what is wrong, as the end of a sentence that begins with the URI */
function spellingProblem(uri: string): string | undefined {
  if (/\s/.test(uri) || invisibleIn(uri) !== undefined)
    return 'has a space, a line break or an invisible character: remove it';
  if (uri.includes('\\')) return 'has a \\, which browsers read as /: write / where that is meant';
  const [foreign] = /[^A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]/u.exec(uri) ?? [];
  if (foreign !== undefined) {
    return `has ${foreign}, which no URI has: write it percent-encoded, or in a host as xn--… (RFC 3986 2)`;
  }
  if (/%(?![0-9A-Fa-f]{2})/.test(uri)) return 'has a % without two hexadecimal digits: write %25';
  const url = URL.parse(uri);
  if (!url) return 'is no absolute URI, like https://app.example.ee/callback (RFC 3986 4.3)';
  if (!['http:', 'https:'].includes(url.protocol)) {
    return url.href === uri ? undefined : `is read as ${url.href}: write it like that`;
  }
  const { authority, rest } = WEB.exec(uri)?.groups ?? {};
  if (authority === undefined || rest === undefined) {
    return `needs // and a host after ${url.protocol} (RFC 3986 4.3)`;
  }
  if (authority.includes('*')) return 'has a * in its host, and hosts have no wildcards: name the host';
  if (authority.includes('@')) return 'has a user name in it: remove what is before the @';
  const read = url.href.slice(url.origin.length);
  const isReadAsWritten =
    authority.replace(/:\d*$/, '').toLowerCase() === url.hostname && (read === rest || read === `/${rest}`);
  return isReadAsWritten ? undefined : `is read by browsers as ${url.href}: write it like that`;
}

function webProblem(uri: string): string | undefined {
  return WEB.test(uri) ? undefined : 'must begin with https://';
}

function httpsProblem(uri: string): string | undefined {
  return URL.parse(uri)?.protocol === 'https:' ? undefined : 'must begin with https://';
}

/** (OpenID Connect Core 4) */
function issuerProblem(uri: string): string | undefined {
  return URL.parse(uri)?.searchParams.has('iss') === true
    ? 'has the parameter iss, which Sild adds: remove it'
    : undefined;
}

function redirectProblem(uri: string): string | undefined {
  const { protocol, searchParams } = new URL(uri);
  if (uri.includes('*')) {
    return 'has a *, and redirect URIs have no wildcards: register each of them (RFC 6749 3.1.2.2, RFC 9700 2.1)';
  }
  if (uri.includes('#')) return 'has a fragment: remove the # and what follows it (RFC 6749 3.1.2)';
  const added = RESPONSE_PARAMETERS.find((name) => searchParams.has(name));
  if (added !== undefined) {
    return `has the parameter ${added}, which is one of the response: give yours another name`;
  }
  if (!['http:', 'https:'].includes(protocol) && !protocol.includes('.')) {
    return `has the scheme ${protocol.slice(0, -1)}: one of an app is its domain name backwards, like ee.example.app:/callback (RFC 8252 7.1)`;
  }
  return undefined;
}
