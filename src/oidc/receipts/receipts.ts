/**
 * Receipts: with one, a client can prove a login years later, without Sild. (docs/receipts.md)
 *
 *   login completed ─▶ keep: the evidence, sealed, under the grant
 *   /token ─▶ bind: from now on it ends with the access token
 *   /userinfo ─▶ receiptOf: a JWS over the evidence and over whose login it was; nothing is kept beyond the token
 *
 * A request without the scope `receipt` stores and reads nothing.
 */
import { randomUUID } from 'node:crypto';
import { CompactSign, importJWK } from 'jose';
import type { Client, JWKS, KoaContextWithOIDC } from 'oidc-provider';
import type Provider from 'oidc-provider';
import { z } from 'zod';
import type { Audit } from '../../audit/audit.ts';
import type { Logger } from '../../log/logger.ts';
import type { LoginResult } from '../../login/login-result.ts';
import { CLIENT_PATIENCE_MS, createOutageRetry } from '../../login/outage-retry.ts';
import { createRateLimiter } from '../../login/limits/rate-limiter.ts';
import type { Rate } from '../../login/limits/limit-rules.ts';
import { requireNoWait } from '../provider/stored-requests.ts';
import type { RecordStore } from '../stores.ts';
import { type ReceiptPayload, RECEIPT_TYPE } from './receipt-payload.ts';
import { RECEIPT_SCOPE } from './receipt-scope.ts';

/** The model under which evidence is stored, sealed like all records, by the grant. */
const MODEL = 'Evidence';

/** For each login: every receipt is an event of the audit. */
const RATE: Rate = { count: 30, perMs: 60_000 };

const recordSchema = z.object({
  evidence: z.looseObject({}),
  /** Seconds since the epoch. */
  expiresAt: z.int(),
  /** As in the ID token; absent until there is one. */
  authTime: z.int().optional(),
});

/** What a receipt says about a login, beside its evidence. */
export interface ReceiptOfLogin {
  readonly client: Client;
  /** The `sub` of the person for the client. */
  readonly subject: string;
  readonly grantId: string;
  readonly sid: string | undefined;
  readonly login: LoginResult;
  /** The network address of whoever gets it, for the audit. */
  readonly address: string;
}

export interface Receipts {
  /** @param expiresAt when the last token of the grant can end, in seconds since the epoch */
  keep(grantId: string, evidence: object, expiresAt: number): Promise<void>;
  /**
   * A JWS; undefined for a login without evidence, or after its token's end.
   *
   * @throws {TooManyRequests} for more than 30 of a login in a minute at this instance
   */
  receiptOf(login: ReceiptOfLogin): Promise<string | undefined>;
  /** Ends the evidence of each login with its first access token. */
  endWithTokens(provider: Provider): void;
}

export interface ReceiptsOptions {
  readonly issuer: string;
  readonly records: Pick<RecordStore, 'put' | 'find'>;
  /** Private; the first key of an algorithm signs. */
  readonly jwks: JWKS;
  readonly audit: Pick<Audit, 'record'>;
  /** Whether an error says that the database cannot be reached for now. */
  readonly isOutage: (error: unknown) => boolean;
  readonly log: Logger;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export function createReceipts(options: ReceiptsOptions): Receipts {
  const { issuer, records, jwks, audit, log, now } = options;
  const throughOutage = createOutageRetry(options.isOutage, CLIENT_PATIENCE_MS);
  const limiter = createRateLimiter(RATE, now);
  return {
    keep: (grantId, evidence, expiresAt) => store(grantId, { evidence: { ...evidence }, expiresAt }),

    async receiptOf({ client, subject, grantId, sid, login, address }) {
      const kept = await find(grantId);
      if (kept?.authTime === undefined) return undefined;
      requireNoWait(limiter.take(grantId), 'too many receipts of this login');
      const { attempt } = login;
      const person = login.person.semanticsIdentifier;
      const receipt = await signed(client, {
        iss: issuer,
        aud: client.clientId,
        sub: subject,
        iat: Math.floor(now() / 1000),
        jti: randomUUID(),
        auth_time: kept.authTime,
        ...(sid !== undefined && { sid }),
        ...(attempt !== undefined && { attempt }),
        evidence: kept.evidence,
      });
      audit.record({ event: 'receipt_issued', client: client.clientId, person, attempt, address });
      return receipt;
    },

    endWithTokens(provider) {
      provider.use(async (ctx, next) => {
        await next();
        const { oidc } = ctx as Partial<KoaContextWithOIDC>;
        const token = oidc?.route === 'token' && ctx.status === 200 ? oidc.entities.AccessToken : undefined;
        if (!oidc || !token?.grantId || !token.scope?.split(' ').includes(RECEIPT_SCOPE)) return;
        const { AuthorizationCode: code, BackchannelAuthenticationRequest: request } = oidc.entities;
        try {
          const end = Math.floor(now() / 1000) + token.expiration;
          const [grantId, authTime] = [token.grantId, code?.authTime ?? request?.authTime];
          await throughOutage(() => bind(grantId, end, authTime));
        } catch (error) {
          // The client has its tokens; only the receipt is missing.
          log.error({ event: 'receipt_not_bound', err: error }, 'a login has no receipt');
        }
      });
    },
  };

  async function bind(grantId: string, tokenEnd: number, authTime: number | undefined) {
    const kept = await find(grantId);
    // Later tokens of a remembered login do not keep its evidence longer.
    if (!kept || kept.authTime !== undefined || authTime === undefined) return;
    const expiresAt = Math.min(kept.expiresAt, tokenEnd);
    await store(grantId, { ...kept, authTime, expiresAt });
  }

  async function find(grantId: string): Promise<z.output<typeof recordSchema> | undefined> {
    const record = await records.find(MODEL, grantId);
    return record && recordSchema.parse(record.payload);
  }

  function store(grantId: string, payload: z.output<typeof recordSchema>): Promise<void> {
    // Found by the grant, so that the revocation of the grant removes it.
    return records.put(MODEL, grantId, payload, { grantId }, payload.expiresAt);
  }

  async function signed(client: Client, payload: ReceiptPayload): Promise<string> {
    const alg = client.idTokenSignedResponseAlg;
    const jwk = jwks.keys.find((key) => key.alg === alg);
    if (alg === undefined || !jwk?.kid) throw new Error(`no key signs receipts with ${String(alg)}`);
    return new CompactSign(Buffer.from(JSON.stringify(payload)))
      .setProtectedHeader({ typ: RECEIPT_TYPE, alg, kid: jwk.kid })
      .sign(await importJWK(jwk as Parameters<typeof importJWK>[0], alg));
  }
}
