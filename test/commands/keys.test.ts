import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { AuditEvent } from '../../src/audit/events.ts';
import { keysCommand } from '../../src/commands/keys.ts';
import { UsageError } from '../../src/commands/usage.ts';
import { keepPublicKeys } from '../../src/oidc/keys/exported-keys.ts';
import { createKeyRotation } from '../../src/oidc/keys/key-rotation.ts';
import { PUBLISHED_AFTER_MS, PUBLISHED_AHEAD_MS } from '../../src/oidc/keys/key-schedule.ts';
import type { SigningKeyState } from '../../src/oidc/stores.ts';
import { createSecrets, SealError } from '../../src/secrets/secrets.ts';
import type { Store } from '../../src/store/store.ts';
import { openTestStore, type TestDatabase, testStores } from '../support/database.ts';

const OLD = 'the old SECRET_KEY, which is long enough';
const NEW = 'the new SECRET_KEY, which is long enough';

describe('sild keys', () => {
  let database: TestDatabase;
  let time = Date.UTC(2031, 0, 1);
  const now = () => time;
  before(async () => {
    const [embedded] = testStores();
    assert.ok(embedded);
    database = await embedded.start();
    await withStore([OLD], async (store) => {
      await createKeyRotation({ signingKeys: store.signingKeys, rotationDays: undefined, now }).rotateIfDue();
    });
  });
  after(() => database.stop());

  async function withStore<T>(
    keys: readonly [string, ...string[]],
    act: (store: Store) => Promise<T>,
  ): Promise<T> {
    const store = await database.open({ secrets: createSecrets(...keys), now });
    try {
      return await act(store);
    } finally {
      await store.close();
    }
  }

  function keys(args: readonly string[], secretKeys: readonly [string, ...string[]] = [OLD]) {
    const lines: string[] = [];
    const print = (line: string) => lines.push(line);
    const recorded: AuditEvent[] = [];
    const audit = { record: (event: AuditEvent) => recorded.push(event) };
    return withStore(secretKeys, async (store) => {
      const secrets = createSecrets(...secretKeys);
      return { status: await keysCommand(args)({ store, secrets, audit, now, print }), lines, recorded };
    });
  }

  const kidsIn = (state: SigningKeyState) =>
    withStore([OLD], async ({ signingKeys }) =>
      (await signingKeys.list()).filter((key) => key.state === state).map(({ kid }) => kid),
    );

  it('lists the signing keys with their states, and what each SECRET_KEY seals', async () => {
    const { status, lines } = await keys(['list'], [NEW, OLD]);
    assert.equal(status, 0);
    for (const kid of await kidsIn('current')) {
      assert.match(
        lines.join('\n'),
        new RegExp(`^${kid}\t[RE]S256\tcurrent\tsince 2031-01-01T00:00:00.000Z\t`, 'm'),
      );
    }
    for (const kid of await kidsIn('next')) {
      assert.match(
        lines.join('\n'),
        new RegExp(`^${kid}\t[RE]S256\tnext\t.*from 2031-01-01T00:15:10.000Z`, 'm'),
      );
    }
    const [newId, oldId] = createSecrets(NEW, OLD).keyIds;
    assert.match(lines.at(-2) ?? '', new RegExp(`^SECRET_KEY 1\tkey ${newId}\t.*\t0 rows$`));
    assert.match(lines.at(-1) ?? '', new RegExp(`^SECRET_KEY 2\tkey ${oldId}\t.*\t5 rows$`));
    await assert.rejects(keys(['list'], [NEW]), SealError);
  });

  it('rotates once the next keys are published long enough, and prints each change', async () => {
    const before = await kidsIn('next');
    await assert.rejects(keys(['rotate']), { code: 'next_too_young' });
    time += PUBLISHED_AHEAD_MS;
    const { status, lines, recorded } = await keys(['rotate']);
    assert.equal(status, 0);
    const audited = recorded.flatMap((event) =>
      event.event === 'signing_key_changed' && event.to === 'current' ? [event.kid] : [],
    );
    assert.deepEqual(audited.sort(), before.toSorted());
    for (const kid of before)
      assert.match(lines.join('\n'), new RegExp(`^${kid}\t[RE]S256\tnext → current$`, 'm'));
    assert.deepEqual((await kidsIn('current')).sort(), before.sort());
    assert.match((await keys(['list'])).lines.join('\n'), /previous\t.*published until 2031-/);
  });

  it('retires a key that does not sign', async () => {
    const [kid = ''] = await kidsIn('previous');
    await assert.rejects(keys(['retire', kid]), { code: 'key_vouches' });
    time += PUBLISHED_AFTER_MS;
    assert.deepEqual((await keys(['retire', kid])).status, 0);
    assert.ok(!(await kidsIn('previous')).includes(kid));
    await assert.rejects(keys(['retire', kid]), { code: 'key_unknown' });
    const [signing = ''] = await kidsIn('current');
    await assert.rejects(keys(['retire', signing]), { code: 'key_signs' });
  });

  it('replaces every key at once', async () => {
    const before = [...(await kidsIn('current')), ...(await kidsIn('next')), ...(await kidsIn('previous'))];
    assert.equal((await keys(['rotate', '--now'])).status, 0);
    const after = [...(await kidsIn('current')), ...(await kidsIn('next')), ...(await kidsIn('previous'))];
    assert.equal(after.length, 4);
    assert.ok(after.every((kid) => !before.includes(kid)));
  });

  it('re-encrypts everything, and reports what another key is still needed for', async () => {
    const done = await keys(['reencrypt'], [NEW, OLD]);
    assert.equal(done.status, 0);
    assert.deepEqual(done.recorded, [{ event: 'rows_reencrypted', resealed: 5, unopened: 0 }]);
    assert.ok(done.lines.includes('signing_key\t4 rows re-encrypted'));
    assert.match(done.lines.at(-1) ?? '', new RegExp(createSecrets(NEW).keyIds[0]));
    assert.equal((await keys(['reencrypt'], [NEW])).status, 0);

    // An instance with the values in the other order.
    const late = await database.open({ secrets: createSecrets(OLD, NEW), now });
    await late.records.put('Client', 'late', {}, {}, undefined);
    await late.close();
    const id = createSecrets(OLD).keyIds[0];
    assert.match((await keys(['list'], [NEW])).lines.at(-1) ?? '', new RegExp(`not in.*${id}.*1 row$`));
    const missing = await keys(['reencrypt'], [NEW]);
    assert.equal(missing.status, 1);
    assert.match(missing.lines.join('\n'), new RegExp(`^not opened\toidc_record:.*key ${id}`, 'm'));
    assert.ok(missing.lines.includes('1 row cannot be opened and are left as they are.'));
  });

  it('reports that there are no signing keys before the first start', async () => {
    const store = await openTestStore();
    const lines: string[] = [];
    try {
      await keysCommand(['list'])({
        store,
        secrets: createSecrets(OLD),
        audit: { record: () => undefined },
        now,
        print: (line) => lines.push(line),
      });
    } finally {
      await store.close();
    }
    assert.equal(lines[0], 'signing keys\tnone yet: made at the first start');
  });

  it('refuses any other command', () => {
    for (const args of [
      [],
      ['forget'],
      ['retire'],
      ['retire', 'a', 'b'],
      ['list', 'all'],
      ['reencrypt', 'x'],
    ]) {
      assert.throws(() => keysCommand(args), UsageError, args.join(' '));
    }
    assert.throws(() => keysCommand(['rotate', '--later']), { code: 'ERR_PARSE_ARGS_UNKNOWN_OPTION' });
  });

  it('exports the public keys, also after they were removed, and says which are compromised', async () => {
    const load = () =>
      withStore([NEW, OLD], async ({ signingKeys, records }) =>
        keepPublicKeys(records, await signingKeys.open()),
      );
    const exported = async () => {
      const { lines } = await keys(['export'], [NEW, OLD]);
      return (JSON.parse(lines.join('\n')) as { keys: Record<string, unknown>[] }).keys;
    };
    await load();
    const before_ = await exported();
    assert.deepEqual(new Set(before_.map(({ alg }) => alg)), new Set(['RS256', 'PS256', 'ES256', 'EdDSA']));
    for (const key of before_) {
      assert.equal(key.use, 'sig');
      for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi']) assert.equal(secret in key, false);
    }
    await keys(['rotate', '--now'], [NEW, OLD]);
    await load();
    const after_ = await exported();
    const kids = (list: readonly Record<string, unknown>[]) => list.map(({ kid }) => String(kid)).sort();
    assert.ok(kids(before_).every((kid) => kids(after_).includes(kid)));
    const current = await withStore([NEW, OLD], ({ signingKeys }) => signingKeys.list());
    assert.deepEqual(
      kids(after_.filter((key) => key.compromised !== true)),
      current.flatMap(({ kid, alg }) => [kid, `${kid}.${alg === 'RS256' ? 'PS256' : 'EdDSA'}`]).sort(),
    );
  });

  it('marks all compromised keys, also where it failed in the middle and is run again', async () => {
    const command = keysCommand(['rotate', '--now']);
    await withStore([NEW, OLD], async (store) => {
      const { signingKeys, records } = store;
      await keepPublicKeys(records, await signingKeys.open());
      const compromised = (await signingKeys.list()).map(({ kid }) => kid);
      const context = { secrets: createSecrets(NEW, OLD), audit: { record: () => 0 }, now, print: () => 0 };
      let puts = 0;
      const failing = {
        ...records,
        put: (...record: Parameters<typeof records.put>) =>
          (puts += 1) === 2 ? Promise.reject(new Error('away')) : records.put(...record),
      };
      await assert.rejects(command({ ...context, store: { ...store, records: failing } }), /away/);
      await command({ ...context, store });
      for (const kid of compromised) {
        assert.equal((await records.find('PublicKey', kid))?.payload.compromised, true);
      }
    });
  });

  it('keeps nothing that an instance of the release before cannot read: no other algorithm, no other kind of key', async () => {
    await withStore([NEW, OLD], async ({ signingKeys, records }) => {
      await keepPublicKeys(records, await signingKeys.open());
      const found = (await signingKeys.open()).map(
        ({ alg, privateJwk }) => `${alg} ${String(privateJwk.kty)}`,
      );
      assert.deepEqual(new Set(found), new Set(['RS256 RSA', 'ES256 EC']));
      const exported = (await records.list('PublicKey')).map(({ payload }) => payload);
      const kinds = exported.map(({ jwk, alg }) => `${String(alg)} ${(jwk as { kty: string }).kty}`);
      assert.deepEqual(new Set(kinds), new Set(['RS256 RSA', 'ES256 EC']));
    });
  });
});
