import { type Adapter, type AdapterFactory, type AdapterPayload, errors } from 'oidc-provider';
import type { OidcRecord, RecordKeys, RecordStore } from '../stores.ts';

/**
 * A code that is redeemed again within this many seconds was redeemed twice at the same time: the second one is refused,
 * and the winner keeps what it got. Later it is a replay, which also revokes the grant. (RFC 6749 4.1.2)
 *
 * Without this, a loser that reads the code just after it was consumed would revoke the winner's grant before the
 * winner has its tokens, and nobody would get any.
 */
export const SIMULTANEOUS_SECONDS = 5;

/** oidc-provider's adapter over our store. @param now milliseconds since the epoch */
export function createAdapterFactory(records: RecordStore, now: () => number): AdapterFactory {
  return (model): Adapter => ({
    async upsert(id, payload) {
      await records.put(model, id, payload, keysOf(model, id, payload), payload.exp);
    },
    async find(id) {
      return payloadOf(model, await records.find(model, id), now);
    },
    async findByUid(uid) {
      return payloadOf(model, await records.findByUid(model, uid), now);
    },
    async findByUserCode(userCode) {
      return payloadOf(model, await records.findByUserCode(model, userCode), now);
    },
    async consume(id) {
      if (!(await records.consume(model, id))) throw alreadyUsed(model);
    },
    async destroy(id) {
      // The browser's return destroys its interaction: of two returns at the same time, one goes on to get a code.
      if (model === 'Interaction' && !(await records.consume(model, id))) throw alreadyUsed(model);
      await records.remove(model, id);
    },
    async revokeByGrantId(grantId) {
      await records.removeGrant(grantId);
    },
  });
}

/** What a record is found and revoked by. A grant belongs to itself, so that revoking it leaves nothing behind. */
function keysOf(model: string, id: string, payload: AdapterPayload): RecordKeys {
  return {
    grantId: model === 'Grant' ? id : payload.grantId,
    uid: payload.uid,
    userCode: payload.userCode,
  };
}

function payloadOf(
  model: string,
  record: OidcRecord | undefined,
  now: () => number,
): AdapterPayload | undefined {
  if (!record) return undefined;
  const { payload, consumedAt } = record;
  if (consumedAt === undefined) return payload;
  const simultaneous =
    model === 'AuthorizationCode' && Math.floor(now() / 1000) - consumedAt <= SIMULTANEOUS_SECONDS;
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
