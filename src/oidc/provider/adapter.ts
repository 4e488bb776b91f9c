import { type Adapter, type AdapterFactory, type AdapterPayload, errors } from 'oidc-provider';
import { withGrantTypes } from '../ciba/ciba-client.ts';
import { INTERACTION_SECONDS } from '../lifetimes.ts';
import { RecordConsumedError } from '../records/request-records.ts';
import type { OidcRecord, RecordKeys, RecordStore } from '../stores.ts';

/**
 * A second redemption of a code within this many seconds counts as concurrent: it is refused, and the first one keeps its
 * tokens. A later one is a replay, which also revokes the grant. (RFC 6749 4.1.2)
 *
 * Without this, a concurrent request that reads the code just after it was consumed would revoke the grant before the first
 * request has its tokens, and neither would get any.
 */
export const SIMULTANEOUS_SECONDS = 5;
const USED_ONCE = ['AuthorizationCode', 'BackchannelAuthenticationRequest'];

/** oidc-provider's adapter to the record store. @param now milliseconds since the epoch */
export function createAdapterFactory(records: RecordStore, now: () => number): AdapterFactory {
  return (model): Adapter => ({
    async upsert(id, payload) {
      try {
        await records.put(model, id, payload, keysOf(model, id, payload), keptUntil(model, payload));
      } catch (error) {
        throw error instanceof RecordConsumedError ? alreadyUsed(error.model) : error;
      }
    },
    async find(id) {
      const payload = payloadOf(model, await records.find(model, id), now);
      return payload && model === 'Client' ? withGrantTypes(payload) : payload;
    },
    async findByUid(uid) {
      return payloadOf(model, await records.findByUid(model, uid), now);
    },
    // The device flow is not offered.
    findByUserCode: () => Promise.resolve(undefined),
    async consume(id) {
      if (!(await records.consume(model, id))) throw alreadyUsed(model);
    },
    async destroy(id) {
      if (model !== 'Interaction') {
        await records.remove(model, id);
        return;
      }
      // Resuming destroys the interaction. Of two concurrent requests to resume it, only one gets a code. The row stays until it
      // expires, so that no late completion can save the interaction again as a new one, and `repeated-resume.ts` can repeat the answer.
      if (!(await records.consume(model, id))) throw alreadyUsed(model);
    },
    async revokeByGrantId(grantId) {
      await records.removeGrant(grantId);
    },
  });
}

/**
 * For how much longer than it is valid a record is kept, in seconds. A request without a browser, so that its client learns that it has
 * expired (CIBA Core 11); a pushed request, so that of the logins that it has begun in time only one gets a code (RFC 9126 4).
 */
const KEPT_EXPIRED_SECONDS: Readonly<Record<string, number>> = {
  BackchannelAuthenticationRequest: 10 * 60,
  PushedAuthorizationRequest: INTERACTION_SECONDS,
};

/** In seconds since the epoch. */
function keptUntil(model: string, { exp }: AdapterPayload): number | undefined {
  return exp && exp + (KEPT_EXPIRED_SECONDS[model] ?? 0);
}

/**
 * The keys to find and revoke a record by. A grant has its own ID as `grantId`, so that its revocation removes it too; a code and
 * a token have the `uid` of their session, which is found with them.
 */
function keysOf(model: string, id: string, payload: AdapterPayload): RecordKeys {
  return {
    grantId: model === 'Grant' ? id : (payload.grantId ?? grantOfResult(model, payload)),
    uid: payload.uid ?? payload.sessionUid,
  };
}

/** A completed interaction is read with its grant. It outlives it: see `removeGrant`. */
function grantOfResult(model: string, { result }: AdapterPayload): string | undefined {
  return model === 'Interaction' ? result?.consent?.grantId : undefined;
}

function payloadOf(
  model: string,
  record: OidcRecord | undefined,
  now: () => number,
): AdapterPayload | undefined {
  if (!record) return undefined;
  const { payload, consumedAt } = record;
  if (consumedAt === undefined) return payload;
  if (model === 'Interaction') return undefined;
  const simultaneous =
    USED_ONCE.includes(model) && Math.floor(now() / 1000) - consumedAt <= SIMULTANEOUS_SECONDS;
  return simultaneous ? payload : { ...payload, consumed: consumedAt };
}

function alreadyUsed(model: string): errors.OIDCProviderError {
  switch (model) {
    case 'Interaction':
      return new errors.SessionNotFound('interaction was resumed already');
    case 'PushedAuthorizationRequest':
      return new errors.InvalidRequestUri('request_uri is invalid, expired, or was already used');
    default:
      return new errors.InvalidGrant('already consumed');
  }
}
