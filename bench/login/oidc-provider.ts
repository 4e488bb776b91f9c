/**
 * oidc-provider by itself, with a login that asks nobody: what a login cannot cost less than. `floor` keeps everything in
 * memory; `plain` in PostgreSQL, by one statement for each call of its adapter, with nothing encrypted and nothing else stored.
 */
import { countedStatements } from './count-statements.ts';
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { Kysely, PostgresDialect, sql } from 'kysely';
import Provider, { type Adapter, type AdapterFactory, type AdapterPayload } from 'oidc-provider';
import pg from 'pg';
import { CLIENT, send, serveReports } from './messages.ts';

const { DATABASE_URL, PORT = '' } = process.env;
const issuer = `http://localhost:${PORT}`;
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const provider = new Provider(issuer, {
  clients: [CLIENT],
  cookies: { keys: ['a key of the benchmark'] },
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig' }] },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_ctx, { uid }) => `/login/${uid}` },
  findAccount: (_ctx, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
  pkce: { required: () => true },
  ttl: {
    Interaction: 900,
    AuthorizationCode: 60,
    AccessToken: 600,
    IdToken: 600,
    Session: 3_600,
    Grant: 3_600,
  },
  ...(DATABASE_URL === undefined ? {} : { adapter: await postgresAdapter(DATABASE_URL) }),
});
const handle = provider.callback();
createServer((req, res) => {
  if (req.url?.startsWith('/login/')) void logIn();
  else void handle(req, res);

  async function logIn(): Promise<void> {
    const { params } = await provider.interactionDetails(req, res);
    const accountId = 'PNOEE-40504040001';
    const grant = new provider.Grant({ accountId, clientId: String(params.client_id) });
    grant.addOIDCScope('openid');
    const consent = { grantId: await grant.save() };
    await provider.interactionFinished(req, res, { login: { accountId, remember: false }, consent });
  }
}).listen(Number(PORT), 'localhost', () => {
  serveReports(countedStatements);
  send({ kind: 'ready' });
});

interface Row {
  readonly model: string;
  readonly id: string;
  readonly payload: AdapterPayload;
  readonly uid: string | null;
  readonly grant_id: string | null;
  readonly consumed_at: number | null;
  readonly expires_at: number | null;
}

async function postgresAdapter(connectionString: string): Promise<AdapterFactory> {
  const db = new Kysely<{ record: Row }>({
    dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString, max: 10 }) }),
  });
  await sql`
    create table record (
      model text, id text, payload jsonb not null, uid text, grant_id text, consumed_at bigint, expires_at bigint,
      primary key (model, id)
    )`.execute(db);
  await sql`create index on record (uid)`.execute(db);
  await sql`create index on record (grant_id)`.execute(db);
  return (model): Adapter => {
    const found = async (column: 'id' | 'uid', value: string) => {
      const row = await db
        .selectFrom('record')
        .selectAll()
        .where('model', '=', model)
        .where(column, '=', value)
        .executeTakeFirst();
      return row && { ...row.payload, ...(row.consumed_at === null ? {} : { consumed: true }) };
    };
    return {
      async upsert(id, payload) {
        const expiresAt = payload.exp ?? null;
        const row = { payload, uid: payload.uid ?? null, grant_id: payload.grantId ?? null };
        await db
          .insertInto('record')
          .values({ model, id, ...row, expires_at: expiresAt, consumed_at: null })
          .onConflict((conflict) => conflict.columns(['model', 'id']).doUpdateSet(row))
          .execute();
      },
      find: (id) => found('id', id),
      findByUid: (uid) => found('uid', uid),
      findByUserCode: () => Promise.resolve(undefined),
      async consume(id) {
        const now = Math.floor(Date.now() / 1000);
        await db
          .updateTable('record')
          .set({ consumed_at: now })
          .where('model', '=', model)
          .where('id', '=', id)
          .execute();
      },
      async destroy(id) {
        await db.deleteFrom('record').where('model', '=', model).where('id', '=', id).execute();
      },
      async revokeByGrantId(grantId) {
        await db.deleteFrom('record').where('grant_id', '=', grantId).execute();
      },
    };
  };
}
