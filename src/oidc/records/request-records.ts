/**
 * The stores of oidc-provider for the length of one request: what belongs together is read by one statement and stored by one.
 *
 *   answering   a code or token is read with its grant, session and login; a code is consumed by the statement that stores what is
 *               issued for it. What comes after that, and what is removed, is repeated while the database is away: the request
 *               itself could not be repeated
 *   collecting  what is consumed and put is not stored, but handed to whoever stores it together
 *
 * Outside of both the stores are as they are. A request sees what it has put. What was read ahead is used once, so that a second
 * read sees what others have changed since.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { z } from 'zod';
import type { LoginResult } from '../../login/login-result.ts';
import { CLIENT_PATIENCE_MS, createOutageRetry } from '../../login/outage-retry.ts';
import type {
  LoginResultStore,
  OidcRecord,
  RecordBatch,
  RecordStore,
  RecordWrite,
  RelatedRecords,
} from '../stores.ts';
import { createWriteThroughOutage } from './write-through-outage.ts';

/** The models that are consumed together with what is put next. */
const CONSUMED_WITH_NEXT: readonly string[] = [
  'AuthorizationCode',
  'BackchannelAuthenticationRequest',
  'PushedAuthorizationRequest',
];
/** The models that are read with what they belong to. */
const READ_WITH_GRANT: readonly string[] = ['AuthorizationCode', 'AccessToken'];

/** What a request has consumed was consumed by another one: nothing was stored. */
export class RecordConsumedError extends Error {
  readonly model: string;

  constructor(model: string) {
    super(`the ${model} was consumed by another request`);
    this.name = 'RecordConsumedError';
    this.model = model;
  }
}

export interface Collected {
  readonly batch: Required<Pick<RecordBatch, 'consume' | 'put' | 'loginResults'>>;
  /** To be called once the batch is stored: runs what waited for that. */
  readonly stored: () => void;
}

export interface AnsweredRequest {
  /** Asked after it. */
  readonly outcome: () => 'succeeded' | 'refused' | 'failed';
  /** Whether nobody waits for the answer any longer. */
  readonly isAbandoned: () => boolean;
}

export interface RequestRecords {
  readonly records: RecordStore;
  readonly loginResults: LoginResultStore;
  /**
   * Runs a request. What it has consumed is used up where the request is refused, too; not where this server has failed.
   *
   * @throws {RecordConsumedError} if it has succeeded, with what another request has consumed
   */
  answer<T>(act: () => Promise<T>, request: AnsweredRequest): Promise<T>;
  /**
   * Runs `act` without storing what it consumes and puts.
   *
   * @param interaction the request's interaction with its grant, as they were just read
   */
  collect(act: () => Promise<unknown>, interaction?: RelatedRecords): Promise<Collected>;
  /** Runs `act` once what is collected is stored; at once where nothing is collected. */
  afterStored(act: () => void): void;
}

const interactionSchema = z.object({
  jti: z.string(),
  result: z.object({ consent: z.object({ grantId: z.string() }).optional() }).optional(),
});

interface Scope {
  readonly isAbandoned: (() => boolean) | undefined;
  readonly kind: 'answering' | 'collecting';
  /** Whether something that counts once is used up for this request. */
  hasConsumed: boolean;
  readonly ahead: Map<string, OidcRecord | undefined>;
  readonly aheadLogins: Map<string, LoginResult | undefined>;
  readonly consume: { readonly model: string; readonly id: string }[];
  readonly put: Map<string, RecordWrite>;
  readonly loginResults: Map<string, NonNullable<RecordBatch['loginResults']>[number]>;
  readonly whenStored: (() => void)[];
}

/** @param isOutage whether an error says that the database cannot be reached for now */
export function createRequestRecords(
  stored: RecordStore,
  storedLogins: LoginResultStore,
  isOutage: (error: unknown) => boolean,
): RequestRecords {
  const writeThroughOutage = createWriteThroughOutage(stored, isOutage);
  const scopes = new AsyncLocalStorage<Scope>();
  return {
    records: {
      ...stored,
      put,
      find,
      async findByUid(model, uid) {
        const scope = scopes.getStore();
        return takeFrom(scope?.ahead, `${model}/uid/${uid}`) ?? stored.findByUid(model, uid);
      },
      consume,
      remove: (model, id) => throughOutage(scopes.getStore(), () => stored.remove(model, id)),
      removeGrant: (grantId) => throughOutage(scopes.getStore(), () => stored.removeGrant(grantId)),
    },
    loginResults: {
      async put(grantId, result, expiresAt) {
        const scope = scopes.getStore();
        if (scope?.kind !== 'collecting') return storedLogins.put(grantId, result, expiresAt);
        scope.loginResults.set(grantId, { grantId, result, expiresAt });
      },
      async find(grantId) {
        const scope = scopes.getStore();
        const collected = scope?.loginResults.get(grantId);
        if (collected) return collected.result;
        if (scope?.kind === 'collecting' && !scope.aheadLogins.has(grantId)) await readGrant(scope, grantId);
        return takeFrom(scope?.aheadLogins, grantId) ?? storedLogins.find(grantId);
      },
    },

    async answer(act, { outcome, isAbandoned }) {
      const scope = newScope('answering', isAbandoned);
      const value = await scopes.run(scope, act);
      if (outcome() === 'failed') return value;
      for (const { model, id } of scope.consume.splice(0)) {
        // Nothing was issued for it. It is used up nevertheless.
        if (!(await stored.consume(model, id)) && outcome() === 'succeeded')
          throw new RecordConsumedError(model);
      }
      return value;
    },

    async collect(act, interaction) {
      const scope = newScope('collecting');
      if (interaction) {
        const { jti, result } = interactionSchema.parse(interaction.record.payload);
        scope.ahead.set(`Interaction/${jti}`, interaction.record);
        const grantId = result?.consent?.grantId;
        if (grantId !== undefined) {
          if (interaction.grant) scope.ahead.set(`Grant/${grantId}`, interaction.grant);
          if (interaction.loginResult) scope.aheadLogins.set(grantId, interaction.loginResult);
        }
      }
      await scopes.run(scope, act);
      const batch = {
        consume: scope.consume,
        put: [...scope.put.values()],
        loginResults: [...scope.loginResults.values()],
      };
      return {
        batch,
        stored() {
          for (const waiting of scope.whenStored.splice(0)) waiting();
        },
      };
    },

    afterStored(act) {
      const scope = scopes.getStore();
      if (scope?.kind === 'collecting') scope.whenStored.push(act);
      else act();
    },
  };

  async function put(
    model: string,
    id: string,
    payload: OidcRecord['payload'],
    keys: RecordWrite['keys'],
    expiresAt: number | undefined,
  ): Promise<void> {
    const scope = scopes.getStore();
    const write = { model, id, payload, keys, expiresAt };
    if (scope?.kind === 'collecting') {
      scope.put.set(`${model}/${id}`, write);
      return;
    }
    const consume = scope?.consume.splice(0) ?? [];
    const [first] = consume;
    if (!scope || !first) {
      const store = () => stored.put(model, id, payload, keys, expiresAt);
      return scope?.hasConsumed ? throughOutage(scope, store) : store();
    }
    if (!(await writeThroughOutage({ consume, put: write }, scope.isAbandoned))) {
      throw new RecordConsumedError(first.model);
    }
    scope.hasConsumed = true;
  }

  /** For accesses that can be repeated without another effect. Only those of a request that is answered are repeated. */
  function throughOutage(scope: Scope | undefined, access: () => Promise<void>): Promise<void> {
    if (scope?.kind !== 'answering') return access();
    const retry = createOutageRetry(
      (error) => isOutage(error) && scope.isAbandoned?.() !== true,
      CLIENT_PATIENCE_MS,
    );
    return retry(access);
  }

  async function find(model: string, id: string): Promise<OidcRecord | undefined> {
    const scope = scopes.getStore();
    if (!scope) return stored.find(model, id);
    const collected = scope.put.get(`${model}/${id}`);
    if (collected) return { payload: collected.payload };
    if (scope.kind === 'collecting' && model === 'Grant' && !scope.ahead.has(`${model}/${id}`)) {
      await readGrant(scope, id);
    }
    const ahead = takeFrom(scope.ahead, `${model}/${id}`);
    if (ahead) return ahead;
    return scope.kind === 'answering' && READ_WITH_GRANT.includes(model)
      ? findRelated(scope, model, id)
      : stored.find(model, id);
  }

  async function consume(model: string, id: string): Promise<boolean> {
    const scope = scopes.getStore();
    if (scope?.kind !== 'collecting' && !(scope && CONSUMED_WITH_NEXT.includes(model))) {
      return stored.consume(model, id);
    }
    scope.consume.push({ model, id });
    return true;
  }

  async function findRelated(scope: Scope, model: string, id: string): Promise<OidcRecord | undefined> {
    const found = await stored.findRelated(model, id);
    if (!found) return undefined;
    const { grantId, sessionUid } = found.record.payload;
    if (typeof grantId === 'string') {
      scope.ahead.set(`Grant/${grantId}`, found.grant);
      scope.aheadLogins.set(grantId, found.loginResult);
    }
    if (typeof sessionUid === 'string') scope.ahead.set(`Session/uid/${sessionUid}`, found.session);
    return found.record;
  }

  async function readGrant(scope: Scope, grantId: string): Promise<void> {
    const { grant, loginResult } = await stored.findGrant(grantId);
    scope.ahead.set(`Grant/${grantId}`, grant);
    scope.aheadLogins.set(grantId, loginResult);
  }
}

function newScope(kind: Scope['kind'], isAbandoned?: Scope['isAbandoned']): Scope {
  return {
    kind,
    isAbandoned,
    hasConsumed: false,
    ahead: new Map(),
    aheadLogins: new Map(),
    consume: [],
    put: new Map(),
    loginResults: new Map(),
    whenStored: [],
  };
}

/** A value is used once. What was not found ahead is read again. */
function takeFrom<T>(ahead: Map<string, T | undefined> | undefined, key: string): T | undefined {
  const value = ahead?.get(key);
  ahead?.delete(key);
  return value;
}
