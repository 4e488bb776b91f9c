import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import type { OidcRecord, RecordKeys, RecordWrite } from '../../../src/oidc/stores.ts';
import type { Store } from '../../../src/store/store.ts';
import type { TestClock } from './clock.ts';
import { quickPace } from './quick-pace.ts';
import { LOGIN_RESULT } from './samples.ts';

export function recordSuite(store: () => Store, clock: TestClock): void {
  describe("oidc-provider's records", () => {
    interface Put {
      readonly id?: string;
      readonly keys?: RecordKeys;
      /** Undefined: does not expire. */
      readonly seconds?: number | undefined;
      readonly payload?: OidcRecord['payload'];
    }
    const put = async (model: string, options: Put = {}) => {
      const { id = randomUUID(), keys = {}, payload = { jti: id } } = options;
      const seconds = 'seconds' in options ? options.seconds : 60;
      const expiresAt = seconds === undefined ? undefined : clock.secondsFromNow(seconds);
      await store().records.put(model, id, payload, keys, expiresAt);
      return id;
    };

    it('returns a record as it was stored, under its model only', async () => {
      const payload = { kind: 'AccessToken', extra: { õ: [1, null, 'ž'] }, 'x5t#S256': '' };
      const id = await put('AccessToken', { payload });
      assert.deepEqual(await store().records.find('AccessToken', id), { payload });
      assert.equal(await store().records.find('RefreshToken', id), undefined);
    });

    it('replaces an earlier record', async () => {
      const uid = randomUUID();
      const id = await put('Session', { keys: { uid } });
      const moved = randomUUID();
      await put('Session', { id, keys: { uid: moved }, payload: { changed: true } });
      assert.deepEqual(await store().records.find('Session', id), { payload: { changed: true } });
      assert.equal(await store().records.findByUid('Session', uid), undefined);
      assert.deepEqual(await store().records.findByUid('Session', moved), { payload: { changed: true } });
    });

    it('finds a record by uid, under its model only', async () => {
      const uid = randomUUID();
      const session = await put('Session', { keys: { uid } });
      assert.deepEqual(await store().records.findByUid('Session', uid), { payload: { jti: session } });
      assert.equal(await store().records.findByUid('Interaction', uid), undefined);
    });

    it('lets one of 50 concurrent consumers win', async () => {
      const id = await put('AuthorizationCode');
      const won = await Promise.all(
        Array.from({ length: 50 }, () => store().records.consume('AuthorizationCode', id)),
      );
      assert.equal(won.filter(Boolean).length, 1);
      assert.equal(
        (await store().records.find('AuthorizationCode', id))?.consumedAt,
        clock.secondsFromNow(0),
      );
    });

    it('consumes and removes a record under its model only, and no other record of the model', async () => {
      const model = 'AuthorizationCode';
      const [one, other] = [await put(model), await put(model)];
      assert.equal(await store().records.consume('RefreshToken', one), false);
      assert.equal(await store().records.consume(model, one), true);
      assert.equal((await store().records.find(model, other))?.consumedAt, undefined);
      assert.equal(await store().records.consume(model, other), true);
      await store().records.remove('RefreshToken', one);
      assert.ok(await store().records.find(model, one));
      await store().records.remove(model, one);
      assert.equal(await store().records.find(model, one), undefined);
      assert.ok(await store().records.find(model, other));
    });

    it('keeps a consumed record consumed when it is stored again', async () => {
      const id = await put('RefreshToken');
      assert.equal(await store().records.consume('RefreshToken', id), true);
      await put('RefreshToken', { id });
      assert.equal(await store().records.consume('RefreshToken', id), false);
      assert.notEqual((await store().records.find('RefreshToken', id))?.consumedAt, undefined);
    });

    it('lets one of 50 concurrent additions win, and keeps its record', async () => {
      const id = randomUUID();
      const won = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          store().records.add('Interaction', id, { index }, clock.secondsFromNow(60)),
        ),
      );
      assert.equal(won.filter(Boolean).length, 1);
      const kept = { payload: { index: won.indexOf(true) } };
      assert.deepEqual(await store().records.find('Interaction', id), kept);
    });

    it('lets one of 50 concurrent callers reopen a record that was consumed before a time', async () => {
      const id = await put('Interaction');
      const reopen = (seconds: number) =>
        store().records.reopen('Interaction', id, clock.secondsFromNow(seconds));
      assert.equal(await reopen(1), false, 'it is not consumed');
      await store().records.consume('Interaction', id);
      assert.equal(await reopen(-5), false, 'it was consumed later');
      const won = await Promise.all(Array.from({ length: 50 }, () => reopen(1)));
      assert.equal(won.filter(Boolean).length, 1);
      assert.equal(await store().records.consume('Interaction', id), true);
      const expired = await put('Interaction', { seconds: 10 });
      await store().records.consume('Interaction', expired);
      clock.advance(10_000);
      assert.equal(
        await store().records.reopen('Interaction', expired, clock.secondsFromNow(1)),
        false,
        'it is expired',
      );
    });

    it('does not consume an unknown record', async () => {
      assert.equal(await store().records.consume('AuthorizationCode', randomUUID()), false);
    });

    it('does not find, list or consume expired records', async () => {
      const keys = { uid: randomUUID() };
      const model = `Model-${randomUUID()}`;
      const id = await put(model, { keys, seconds: 10 });
      clock.advance(9_999);
      assert.ok(await store().records.find(model, id));
      clock.advance(1);
      assert.equal(await store().records.find(model, id), undefined);
      assert.equal(await store().records.findByUid(model, keys.uid), undefined);
      assert.deepEqual(await store().records.list(model), []);
      assert.equal(await store().records.consume(model, id), false);
    });

    it('removes one record', async () => {
      const removed = await put('Interaction');
      const kept = await put('Interaction');
      await store().records.remove('Interaction', removed);
      assert.equal(await store().records.find('Interaction', removed), undefined);
      assert.ok(await store().records.find('Interaction', kept));
    });

    it('removes a grant with all its records and its login result, and no other grant', async () => {
      const grantId = randomUUID();
      const other = randomUUID();
      const code = await put('AuthorizationCode', { keys: { grantId } });
      const token = await put('AccessToken', { keys: { grantId } });
      const otherToken = await put('AccessToken', { keys: { grantId: other } });
      await store().loginResults.put(grantId, LOGIN_RESULT, clock.secondsFromNow(60));
      await store().loginResults.put(other, LOGIN_RESULT, clock.secondsFromNow(60));
      await store().records.removeGrant(grantId);
      assert.equal(await store().records.find('AuthorizationCode', code), undefined);
      assert.equal(await store().records.find('AccessToken', token), undefined);
      assert.equal(await store().loginResults.find(grantId), undefined);
      assert.ok(await store().records.find('AccessToken', otherToken));
      assert.ok(await store().loginResults.find(other));
    });

    it('lists the records of a model with their identifiers', async () => {
      const model = `Model-${randomUUID()}`;
      await put(model, { id: 'portal', payload: { client_name: 'Portal' }, seconds: undefined });
      await put(model, { id: 'shop', payload: { client_name: 'Shop' }, seconds: undefined });
      const records = [...(await store().records.list(model))].sort((a, b) => a.id.localeCompare(b.id));
      assert.deepEqual(records, [
        { id: 'portal', payload: { client_name: 'Portal' } },
        { id: 'shop', payload: { client_name: 'Shop' } },
      ]);
    });

    const written = (model: string, id: string = randomUUID(), keys: RecordKeys = {}): RecordWrite => ({
      model,
      id,
      payload: { jti: id },
      keys,
      expiresAt: clock.secondsFromNow(60),
    });
    const exists = async (...records: readonly RecordWrite[]) =>
      Promise.all(records.map(async ({ model, id }) => Boolean(await store().records.find(model, id))));

    it('writes all of a batch, with records that are replaced and stay consumed', async () => {
      const code = await put('AuthorizationCode');
      const [replaced, answer] = [written('Session'), written('Answer')];
      await put('Session', { id: replaced.id, payload: { old: true } });
      await store().records.consume('Session', replaced.id);
      const grantId = randomUUID();
      const loginResults = [{ grantId, result: LOGIN_RESULT, expiresAt: clock.secondsFromNow(60) }];
      const token = written('AccessToken');
      const consume = [{ model: 'AuthorizationCode', id: code }];
      assert.equal(
        await store().records.write({ consume, add: answer, put: [replaced, token], loginResults }),
        true,
      );
      assert.ok((await store().records.find('AuthorizationCode', code))?.consumedAt);
      assert.deepEqual(await exists(answer, token), [true, true]);
      const session = await store().records.find('Session', replaced.id);
      assert.deepEqual([session?.payload, session?.consumedAt !== undefined], [replaced.payload, true]);
      assert.deepEqual(await store().loginResults.find(grantId), LOGIN_RESULT);
    });

    it('writes nothing of a batch that consumes a consumed, expired or unknown record', async () => {
      const [consumed, expired] = [
        await put('AuthorizationCode'),
        await put('AuthorizationCode', { seconds: 0 }),
      ];
      await store().records.consume('AuthorizationCode', consumed);
      for (const id of [consumed, expired, randomUUID()]) {
        const [answer, token, grantId] = [written('Answer'), written('AccessToken'), randomUUID()];
        const loginResults = [{ grantId, result: LOGIN_RESULT, expiresAt: clock.secondsFromNow(60) }];
        const batch = {
          consume: [{ model: 'AuthorizationCode', id }],
          add: answer,
          put: [token],
          loginResults,
        };
        assert.equal(await store().records.write(batch), false);
        assert.deepEqual(await exists(answer, token), [false, false]);
        assert.equal(await store().loginResults.find(grantId), undefined);
      }
    });

    it('consumes in order, and stops at a record that is consumed already', async () => {
      const [first, second] = [await put('Interaction'), await put('Interaction')];
      await store().records.consume('Interaction', first);
      const consume = [first, second].map((id) => ({ model: 'Interaction', id }));
      assert.equal(await store().records.write({ consume }), false);
      assert.equal((await store().records.find('Interaction', second))?.consumedAt, undefined);
    });

    it('stores nothing of a batch that adds an existing record', async () => {
      const [answer, code] = [written('Answer'), written('AuthorizationCode')];
      await store().records.write({ add: answer });
      const again = { ...answer, payload: { other: true } };
      assert.equal(await store().records.write({ add: again, put: [code] }), false);
      assert.deepEqual(await store().records.find('Answer', answer.id), { payload: answer.payload });
      assert.deepEqual(await exists(code), [false]);
    });

    it('writes one of 50 batches that consume the same record', async () => {
      const id = await put('AuthorizationCode');
      const tokens = Array.from({ length: 50 }, () => written('AccessToken'));
      const won = await Promise.all(
        tokens.map((token) =>
          store().records.write({ consume: [{ model: 'AuthorizationCode', id }], put: [token] }),
        ),
      );
      assert.equal(won.filter(Boolean).length, 1);
      assert.deepEqual(await exists(...tokens), won);
    });

    it('writes an empty batch', async () => {
      assert.equal(await store().records.write({}), true);
    });

    it('finds a record with its grant, its session and its login', async () => {
      const [grantId, uid] = [randomUUID(), randomUUID()];
      const code = await put('AuthorizationCode', { keys: { grantId, uid } });
      const alone = { grant: undefined, session: undefined, loginResult: undefined };
      const record = { payload: { jti: code } };
      assert.deepEqual(await store().records.findRelated('AuthorizationCode', code), { record, ...alone });
      await put('Grant', { id: grantId, keys: { grantId } });
      const session = await put('Session', { keys: { uid } });
      await store().loginResults.put(grantId, LOGIN_RESULT, clock.secondsFromNow(60));
      const grant = { payload: { jti: grantId } };
      assert.deepEqual(await store().records.findRelated('AuthorizationCode', code), {
        record,
        grant,
        session: { payload: { jti: session } },
        loginResult: LOGIN_RESULT,
      });
      assert.deepEqual(await store().records.findGrant(grantId), {
        grant,
        session: undefined,
        loginResult: LOGIN_RESULT,
      });
      assert.equal(await store().records.findRelated('AccessToken', code), undefined);
      const interaction = await put('Interaction', { keys: { grantId } });
      await store().records.removeGrant(grantId);
      assert.equal(await store().records.findRelated('AuthorizationCode', code), undefined);
      assert.deepEqual(await store().records.findRelated('Interaction', interaction), {
        record: { payload: { jti: interaction } },
        ...alone,
      });
    });

    it('finds nothing related that has expired', async () => {
      const [grantId, uid] = [randomUUID(), randomUUID()];
      const code = await put('AuthorizationCode', { keys: { grantId, uid }, seconds: 31 });
      await put('Grant', { id: grantId, seconds: 30 });
      await put('Session', { keys: { uid }, seconds: 30 });
      await store().loginResults.put(grantId, LOGIN_RESULT, clock.secondsFromNow(30));
      clock.advance(30_000);
      const { record, ...related } = (await store().records.findRelated('AuthorizationCode', code)) ?? {};
      assert.ok(record);
      assert.deepEqual(related, { grant: undefined, session: undefined, loginResult: undefined });
      clock.advance(1_000);
      assert.equal(await store().records.findRelated('AuthorizationCode', code), undefined);
    });

    it('removes any number of expired records, and nothing else', async () => {
      // What the other tests have written.
      clock.advance(60_000);
      await store().records.removeExpired(quickPace());
      const model = `Model-${randomUUID()}`;
      const forever = await put(model, { seconds: undefined });
      const later = await put(model, { seconds: 31 });
      const expiresAt = clock.secondsFromNow(30);
      const expired = Array.from({ length: 1_203 }, (): RecordWrite => {
        const id = randomUUID();
        return { model, id, payload: { jti: id }, keys: {}, expiresAt };
      });
      await store().records.write({ put: expired });
      assert.equal(await store().records.removeExpired(), 0);
      clock.advance(30_000);
      assert.equal(await store().records.removeExpired(quickPace()), 1_203);
      assert.ok(await store().records.find(model, forever));
      assert.ok(await store().records.find(model, later));
    });
  });
}
