/**
 * Limits the space of authorization requests in the database: their size, and how many of them public clients push. The number
 * of those by `GET /authorize`, and their length in bytes, are limited in `web/middleware/authorization-limits.ts`.
 */
import Provider, { errors } from 'oidc-provider';
import { overrideMethod } from '../override-method.ts';

/**
 * In bytes of JSON. A request of 6 KiB seldom takes more, but some texts are twice as long in JSON (`\`), and some numbers five times
 * (`1e20`).
 */
const MAX_PARAMETERS = 8 * 1024;
/** A pushed request is kept as an unsecured JWT, in base64url, with a header and a few claims of its own. */
const MAX_PUSHED = ((MAX_PARAMETERS + 512) * 4) / 3;

/**
 * Anybody can push requests of a public client. They come from the person's own device, so they are counted by its network. A
 * client with a secret is authenticated before its request is stored, and pushes for all of its users from the address of its
 * server. Its requests are not counted.
 *
 * @param waitOf counts a request of an address; answers in how many seconds it is allowed, 0 if it is now
 */
export function boundStoredRequests(provider: Provider, waitOf: (address: string) => number): void {
  overrideMethod(provider.Interaction.prototype, 'save', (interaction, save, ttl) => {
    requireAtMost(MAX_PARAMETERS, JSON.stringify(interaction.params));
    requireAtMost(MAX_PARAMETERS, asAnswered(interaction.params.state));
    return save(ttl);
  });

  overrideMethod(provider.BackchannelAuthenticationRequest.prototype, 'save', (request, save) => {
    requireAtMost(MAX_PARAMETERS, JSON.stringify(request.params));
    return save();
  });

  overrideMethod(provider.PushedAuthorizationRequest.prototype, 'save', (pushed, save, ttl) => {
    requireAtMost(MAX_PUSHED, pushed.request);
    countPushed();
    return save(ttl);
  });

  // The ID of a DPoP proof is stored before its request.
  overrideMethod(provider.ReplayDetection, 'unique', (_class, unique, ...proof) => {
    countPushed();
    return unique(...proof);
  });

  const counted = new WeakSet();

  /** Counts the request once. @throws {TooManyRequests} */
  function countPushed(): void {
    const { ctx } = Provider;
    if (ctx?.oidc.client?.clientAuthMethod !== 'none' || counted.has(ctx)) return;
    if (ctx.oidc.route !== 'pushed_authorization_request') return;
    counted.add(ctx);
    requireNoWait(waitOf(ctx.ip));
  }
}

/**
 * The `state` as long as it can be in the answer, which is stored too (`interaction/repeated-resume.ts`): a page of `form_post` has
 * `&quot;` for a character, an address `%5C`.
 */
function asAnswered(state: unknown): string {
  return typeof state === 'string' ? state.replaceAll(/[^\w.~-]/g, '&quot;') : '';
}

function requireAtMost(bytes: number, text: string): void {
  if (Buffer.byteLength(text) > bytes) throw new errors.InvalidRequest('the request is too large');
}

/**
 * Refuses the request that is served now unless it need not wait, and says when it is admitted.
 *
 * @throws {TooManyRequests}
 */
export function requireNoWait(seconds: number, description?: string): void {
  if (seconds === 0) return;
  Provider.ctx?.set('Retry-After', String(seconds));
  throw new TooManyRequests(description);
}

/** The closest error code of OAuth 2.0. (RFC 6749 4.1.2.1; RFC 9126 2.3 for the status) */
export class TooManyRequests extends errors.OIDCProviderError {
  /** When the next one is admitted, in milliseconds since the epoch. */
  readonly retryAt: number | undefined;

  constructor(description = 'too many requests', retryAt?: number) {
    super(429, 'temporarily_unavailable');
    this.retryAt = retryAt;
    this.error_description = description;
  }
}
