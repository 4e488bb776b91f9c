import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { it } from 'node:test';
import { createAudit } from '../../../src/audit/audit.ts';
import { createLogger } from '../../../src/log/logger.ts';
import { createSecrets } from '../../../src/secrets/secrets.ts';
import { SEALED_TABLES } from '../../../src/store/encryption/sealed-tables.ts';
import type { TestDatabase } from '../../support/database.ts';
import { authenticatedAttempt, LOGIN_RESULT, pendingAttempt } from './samples.ts';
import { aStart } from './limits.ts';
import { ensureCurrent } from './signing-keys.ts';

/** Encryption at rest. No store is open when one of these tests starts. */
export function sealingSuite(database: () => TestDatabase): void {
  it('stores no readable personal data, credential or private key', async () => {
    const secrets = {
      code: `code-${randomUUID()}`,
      grant: `grant-${randomUUID()}`,
      session: `session-${randomUUID()}`,
      interaction: `interaction-${randomUUID()}`,
      clientSecret: `client-secret-${randomUUID()}`,
      clientId: `client-id-${randomUUID()}`,
      browser: `browser-${randomUUID()}`,
      address: '192.0.2.77',
    };
    const inAMinute = Math.floor(Date.now() / 1000) + 60;
    const store = await database().open();
    await store.attempts.add(pendingAttempt());
    await store.attempts.add(authenticatedAttempt({ interactionUid: secrets.interaction }));
    await store.records.put(
      'AuthorizationCode',
      secrets.code,
      { jti: secrets.code, accountId: 'PNOEE-40504040001' },
      { grantId: secrets.grant, uid: secrets.session },
      inAMinute,
    );
    await store.records.put(
      'Client',
      secrets.clientId,
      { client_secret: secrets.clientSecret },
      {},
      undefined,
    );
    await store.loginResults.put(secrets.grant, LOGIN_RESULT, inAMinute);
    const { semanticsIdentifier } = LOGIN_RESULT.person;
    await store.knownBrowsers.remember(
      secrets.browser,
      semanticsIdentifier,
      LOGIN_RESULT.documentNumber,
      inAMinute * 1000,
    );
    const rate = { count: 1, perMs: 60_000 };
    await store.limits.admit(
      aStart({
        networks: [{ network: secrets.address, allowance: 1 }],
        clientId: secrets.clientId,
        identifier: semanticsIdentifier,
      }),
      { address: rate, client: rate, person: rate, pushWaits: [0] },
    );
    await ensureCurrent(store, 'RS256');
    const [signingKey] = await store.signingKeys.open();
    assert.ok(signingKey);
    const pairwiseKey = store.pairwiseKey;
    const audit = createAudit({
      store: store.audit,
      log: createLogger({ level: 'silent' }),
      pseudonym: (value) => createSecrets('a SECRET_KEY for the pseudonyms').pseudonym(value),
      instance: 'this',
      now: Date.now,
    });
    const issued = { event: 'code_issued', person: semanticsIdentifier, address: '192.0.2.7' } as const;
    audit.record(issued);
    assert.equal(await audit.close(1_000), 0);
    assert.equal(await store.audit.removeOlderThan(-1), 1);
    audit.record(issued);
    assert.equal(await audit.close(1_000), 0);
    await store.close();

    const sealedTables = Object.keys(SEALED_TABLES);
    // These tables contain people only as pseudonyms or keyed hashes.
    const tables = [
      ...sealedTables,
      'audit_event',
      'audit_count',
      'audit_checkpoint',
      'rate_limit',
      'person_limit',
    ];
    const columns = await database().execute(
      `select table_name, column_name from information_schema.columns where table_schema = 'public'`,
    );
    assert.deepEqual(
      columns
        .filter(({ column_name }) => column_name === 'sealed')
        .map(({ table_name }) => table_name)
        .sort(),
      [...sealedTables].sort(),
      'every sealed table is listed',
    );
    const others = new Set(columns.map(({ table_name }) => String(table_name)));
    for (const table of tables) assert.ok(others.delete(table), `the table ${table} is there`);
    assert.deepEqual(
      [...others].sort(),
      // Durations without a person, figures of instances, and the leases of their work.
      ['audit_figures_state', 'audit_time', 'instance', 'kysely_migration', 'lease'],
      'no table is left out',
    );

    const { person } = LOGIN_RESULT;
    const forbidden = [
      ...Object.values(secrets),
      ...[person.givenName, person.surname, person.identityNumber, String(person.birthdate)],
      ...['4927', 'rpChallenge', 'MOCK-Q', '192.0.2.7', String(signingKey.privateJwk.d)],
      ...[pairwiseKey.toString('base64url'), pairwiseKey.toString('hex')],
    ];
    for (const table of tables) {
      // A sealed value is Base64url, in which four digits can occur by chance; only its format is checked.
      const rows = await database().execute(`select to_jsonb(t)::text as row from ${table} t`);
      assert.ok(rows.length > 0, `${table} has rows`);
      for (const { row } of rows) {
        const { sealed, ...clear } = JSON.parse(String(row)) as Record<string, unknown>;
        if (sealedTables.includes(table)) assert.match(String(sealed), /^v1\.[0-9a-f]{8}\.[\w-]+$/);
        for (const word of forbidden.filter(({ length }) => length > 4)) {
          assert.ok(!String(row).includes(word), `${table} shows ${word}`);
        }
        for (const value of Object.values(clear)) assert.notEqual(value, '4927');
      }
    }
  });

  it('does not open a sealed value that was copied onto another row', async () => {
    const [mine, theirs] = [randomUUID(), randomUUID()];
    const model = `Model-${randomUUID()}`;
    const store = await database().open();
    await store.records.put(model, mine, { owner: 'mine' }, { uid: mine }, undefined);
    await store.records.put(model, theirs, { owner: 'theirs' }, { uid: theirs }, undefined);
    await store.close();
    await database().execute(
      `update oidc_record set sealed = (select max(sealed) from oidc_record where model = '${model}') where model = '${model}'`,
    );

    const reopened = await database().open();
    try {
      const found = await Promise.allSettled([mine, theirs].map((id) => reopened.records.find(model, id)));
      assert.deepEqual(found.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    } finally {
      await reopened.close();
    }
  });

  it('does not open an attempt that was moved to another interaction', async () => {
    const [mine, theirs] = [authenticatedAttempt(), pendingAttempt()];
    const store = await database().open();
    await store.attempts.add(mine);
    await store.attempts.add(theirs);
    await store.close();
    const interactionOf = ({ id }: { readonly id: string }) =>
      `(select interaction_hash from login_attempt where id = '${id}')`;
    await database().execute(`update login_attempt set live = false where id = '${theirs.id}'`);
    await database().execute(
      `update login_attempt set interaction_hash = ${interactionOf(theirs)}, sequence = default where id = '${mine.id}'`,
    );

    const reopened = await database().open();
    try {
      await assert.rejects(reopened.attempts.latest(theirs.interactionUid), { code: 'seal_broken' });
      assert.equal(await reopened.attempts.latest(mine.interactionUid), undefined);
    } finally {
      await reopened.close();
    }
  });
}
