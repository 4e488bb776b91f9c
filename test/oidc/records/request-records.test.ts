import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';
import {
  type AnsweredRequest,
  createRequestRecords,
  RecordConsumedError,
  type RequestRecords,
} from '../../../src/oidc/records/request-records.ts';
import type { Store } from '../../../src/store/store.ts';
import { openTestStore } from '../../support/database.ts';
import { aLogin } from '../../support/oidc-bridge.ts';

const LOGIN = aLogin();

let store: Store;
let requests: RequestRecords;
/** The statements since the beginning of the test. */
let statements: string[] = [];
/** The statements to which something happens. */
let failing: readonly string[] = ['write'];
/** What happens to the next of them; then they are as usual. */
let troubles: ('answer lost' | 'away')[] = [];
const OUTAGE = new Error('the database is away');

before(async () => {
  store = await openTestStore();
  const counted = <T extends object>(stored: T): T =>
    Object.fromEntries(
      Object.entries(stored).map(([name, method]: [string, unknown]) => [
        name,
        (...about: readonly unknown[]) => {
          statements.push(name);
          const call = async () => (method as (...about: readonly unknown[]) => Promise<unknown>)(...about);
          const trouble = failing.includes(name) ? troubles.shift() : undefined;
          if (!trouble) return call();
          return trouble === 'away' ? Promise.reject(OUTAGE) : call().then(() => Promise.reject(OUTAGE));
        },
      ]),
    ) as T;
  requests = createRequestRecords(
    counted(store.records),
    counted(store.loginResults),
    (error) => error === OUTAGE,
  );
});
beforeEach(() => {
  statements = [];
  failing = ['write'];
  troubles = [];
});
after(() => store.close());

const soon = () => Math.floor(Date.now() / 1000) + 60;
const put = (model: string, payload: Record<string, unknown> = {}, id: string = randomUUID()) =>
  requests.records
    .put(
      model,
      id,
      { jti: id, ...payload },
      { grantId: payload.grantId as string, uid: payload.uid as string },
      soon(),
    )
    .then(() => id);
const ended = (outcome: 'succeeded' | 'refused' | 'failed', isAbandoned = false): AnsweredRequest => ({
  outcome: () => outcome,
  isAbandoned: () => isAbandoned,
});
const succeeded = ended('succeeded');

/** A code with its grant, session and login. */
async function aCode() {
  const [grantId, sessionUid] = [randomUUID(), randomUUID()];
  const code = randomUUID();
  await store.records.put('Grant', grantId, { jti: grantId }, { grantId }, soon());
  await store.records.put('Session', randomUUID(), { uid: sessionUid }, { uid: sessionUid }, soon());
  await store.loginResults.put(grantId, LOGIN, soon());
  await store.records.put(
    'AuthorizationCode',
    code,
    { grantId, sessionUid },
    { grantId, uid: sessionUid },
    soon(),
  );
  return { code, grantId, sessionUid };
}

describe('a request', () => {
  it('reads a code, its grant and its login by one statement, and each of them once', async () => {
    const { code, grantId, sessionUid } = await aCode();
    await requests.answer(async () => {
      const { records, loginResults } = requests;
      assert.ok(await records.find('AuthorizationCode', code));
      assert.ok(await records.findByUid('Session', sessionUid));
      assert.ok(await records.find('Grant', grantId));
      assert.deepEqual(await loginResults.find(grantId), LOGIN);
      assert.deepEqual(statements, ['findRelated']);
      await store.records.removeGrant(grantId);
      assert.equal(await records.find('Grant', grantId), undefined);
      assert.equal(await loginResults.find(grantId), undefined);
    }, succeeded);
  });

  it('sees again what is stored, after what was read ahead, and of other grants', async () => {
    const [{ code, grantId }, other] = [await aCode(), await aCode()];
    await requests.answer(async () => {
      const { records, loginResults } = requests;
      await records.find('AuthorizationCode', code);
      for (let times = 0; times < 2; times++) {
        assert.ok(await records.find('Grant', grantId));
        assert.deepEqual(await loginResults.find(grantId), LOGIN);
      }
      assert.deepEqual(await loginResults.find(other.grantId), LOGIN);
    }, succeeded);
  });

  it('is answered with what it returns, and stores logins at once', async () => {
    const grantId = randomUUID();
    const answer = await requests.answer(async () => {
      await requests.loginResults.put(grantId, LOGIN, soon());
      return (await store.loginResults.find(grantId)) && 'answered';
    }, succeeded);
    assert.equal(answer, 'answered');
    const outside = randomUUID();
    await requests.loginResults.put(outside, LOGIN, soon());
    assert.deepEqual(await store.loginResults.find(outside), LOGIN);
  });

  it('finds the session of a code that is not stored under it', async () => {
    const { grantId, sessionUid } = await aCode();
    const code = randomUUID();
    await store.records.put('AuthorizationCode', code, { grantId, sessionUid }, { grantId }, soon());
    await requests.answer(async () => {
      assert.ok(await requests.records.find('AuthorizationCode', code));
      assert.ok(await requests.records.findByUid('Session', sessionUid));
    }, succeeded);
  });

  for (const model of [
    'AuthorizationCode',
    'BackchannelAuthenticationRequest',
    'PushedAuthorizationRequest',
  ]) {
    it(`consumes by the statement that stores the token: ${model}`, async () => {
      const id = randomUUID();
      await store.records.put(model, id, {}, {}, soon());
      await requests.answer(async () => {
        assert.equal(await requests.records.consume(model, id), true);
        assert.equal((await store.records.find(model, id))?.consumedAt, undefined);
        await put('AccessToken');
      }, succeeded);
      assert.deepEqual(statements, ['write']);
      assert.ok((await store.records.find(model, id))?.consumedAt);
    });
  }

  it('has no token where another request has consumed the code', async () => {
    const { code } = await aCode();
    const token = randomUUID();
    const answer = requests.answer(async () => {
      await requests.records.consume('AuthorizationCode', code);
      await store.records.consume('AuthorizationCode', code);
      await put('AccessToken', {}, token);
    }, succeeded);
    await assert.rejects(answer, RecordConsumedError);
    assert.equal(await store.records.find('AccessToken', token), undefined);
  });

  it('consumes the code of a refused request, but not where this server has failed', async () => {
    const isUsed = async (outcome: 'refused' | 'failed') => {
      const { code } = await aCode();
      await requests.answer(() => requests.records.consume('AuthorizationCode', code), ended(outcome));
      return (await store.records.find('AuthorizationCode', code))?.consumedAt !== undefined;
    };
    assert.deepEqual([await isUsed('refused'), await isUsed('failed')], [true, false]);
  });

  for (const trouble of ['answer lost', 'away'] as const) {
    it(`gets its token when the database fails meanwhile: ${trouble}`, async () => {
      const { code } = await aCode();
      const token = randomUUID();
      troubles = [trouble, 'away'];
      await requests.answer(async () => {
        await requests.records.consume('AuthorizationCode', code);
        await put('AccessToken', {}, token);
      }, succeeded);
      assert.ok(await store.records.find('AccessToken', token));
      assert.ok((await store.records.find('AuthorizationCode', code))?.consumedAt);
    });
  }

  for (const trouble of ['answer lost', 'away'] as const) {
    it(`goes on when the database fails after something was used up: ${trouble}`, async () => {
      const { code, grantId } = await aCode();
      const session = randomUUID();
      await requests.answer(async () => {
        await requests.records.consume('AuthorizationCode', code);
        await put('AccessToken');
        failing = ['put', 'remove', 'removeGrant'];
        troubles = [trouble, trouble, trouble];
        await put('Session', {}, session);
        await requests.records.remove('Session', session);
        await requests.records.removeGrant(grantId);
      }, succeeded);
      assert.deepEqual(troubles, []);
      assert.equal(await store.records.find('Session', session), undefined);
      assert.equal(await store.records.find('Grant', grantId), undefined);
    });
  }

  it('fails where it consumes no record, and where its connection is closed', async () => {
    failing = ['put', 'remove'];
    troubles = ['away', 'away', 'away'];
    await assert.rejects(
      requests.answer(() => put('Session'), succeeded),
      OUTAGE,
    );
    await assert.rejects(
      requests.answer(() => requests.records.remove('Session', 'one'), ended('failed', true)),
      OUTAGE,
    );
    await assert.rejects(requests.records.remove('Session', 'one'), OUTAGE);
  });

  it('has no token where another request consumes the code during an outage', async () => {
    const { code } = await aCode();
    const token = randomUUID();
    troubles = ['away'];
    const answer = requests.answer(async () => {
      await requests.records.consume('AuthorizationCode', code);
      const issued = put('AccessToken', {}, token);
      await store.records.consume('AuthorizationCode', code);
      await issued;
    }, succeeded);
    await assert.rejects(answer, RecordConsumedError);
    assert.equal(await store.records.find('AccessToken', token), undefined);
  });

  it('leaves the code to the next request where its connection is closed', async () => {
    const { code } = await aCode();
    troubles = ['away'];
    const answer = requests.answer(
      async () => {
        await requests.records.consume('AuthorizationCode', code);
        await put('AccessToken');
      },
      ended('failed', true),
    );
    await assert.rejects(answer, OUTAGE);
    assert.equal((await store.records.find('AuthorizationCode', code))?.consumedAt, undefined);
  });

  it('does not succeed with a code that another request has consumed', async () => {
    const { code } = await aCode();
    const consumed = async () => {
      await requests.records.consume('AuthorizationCode', code);
      await store.records.consume('AuthorizationCode', code);
    };
    await assert.rejects(requests.answer(consumed, succeeded), RecordConsumedError);
    await requests.answer(consumed, ended('refused'));
  });

  it('consumes and puts everything else at once', async () => {
    const id = await put('Interaction');
    await requests.answer(async () => {
      assert.equal(await requests.records.consume('Interaction', id), true);
      assert.ok((await store.records.find('Interaction', id))?.consumedAt);
      assert.ok(await store.records.find('Session', await put('Session')));
    }, succeeded);
  });
});

describe('a collected batch', () => {
  it('is not stored, and is seen only by its own request', async () => {
    const interaction = await put('Interaction');
    const grantId = randomUUID();
    const { batch } = await requests.collect(async () => {
      assert.equal(await requests.records.consume('Interaction', interaction), true);
      await put('Session', { old: true }, grantId);
      await put('Session', { fresh: true }, grantId);
      await requests.loginResults.put(grantId, LOGIN, soon());
      assert.deepEqual(await requests.loginResults.find(grantId), LOGIN);
      assert.equal((await requests.records.find('Session', grantId))?.payload.fresh, true);
    });
    assert.equal(await store.records.find('Session', grantId), undefined);
    assert.equal((await store.records.find('Interaction', interaction))?.consumedAt, undefined);
    assert.deepEqual(batch.consume, [{ model: 'Interaction', id: interaction }]);
    assert.deepEqual(
      batch.put.map(({ payload }) => payload.fresh),
      [true],
    );
    assert.equal(await requests.records.write(batch), true);
    assert.deepEqual(await store.loginResults.find(grantId), LOGIN);
  });

  it('reads a grant with its login by one statement, in either order', async () => {
    const { grantId } = await aCode();
    await requests.collect(async () => {
      assert.deepEqual(await requests.loginResults.find(grantId), LOGIN);
      assert.ok(await requests.records.find('Grant', grantId));
    });
    assert.deepEqual(statements, ['findGrant']);
    statements = [];
    await requests.collect(async () => {
      assert.ok(await requests.records.find('Grant', grantId));
      assert.deepEqual(await requests.loginResults.find(grantId), LOGIN);
    });
    assert.deepEqual(statements, ['findGrant']);
  });

  it('does not read again the interaction that was just read, its grant and its login', async () => {
    const { grantId } = await aCode();
    const jti = randomUUID();
    const payload = { jti, result: { consent: { grantId } } };
    const keys = { grantId };
    await store.records.put('Interaction', jti, payload, keys, soon());
    const found = await store.records.findRelated('Interaction', jti);
    assert.ok(found?.grant && found.loginResult);
    await requests.collect(async () => {
      assert.deepEqual(await requests.records.find('Interaction', jti), found.record);
      assert.deepEqual(await requests.records.find('Grant', grantId), found.grant);
      assert.deepEqual(await requests.loginResults.find(grantId), LOGIN);
    }, found);
    assert.deepEqual(statements, []);
    // An interaction that ends without a login has no grant.
    const refused = { ...found, record: { payload: { jti, result: { error: 'access_denied' } } } };
    await requests.collect(async () => {
      assert.ok(await requests.records.find('Interaction', jti));
      assert.ok(await requests.records.find('Grant', grantId));
    }, refused);
    assert.deepEqual(statements, ['findGrant']);
  });

  it('delays the functions that wait until it is stored', async () => {
    const done: string[] = [];
    requests.afterStored(() => done.push('at once'));
    const { stored } = await requests.collect(async () => {
      requests.afterStored(() => done.push('later'));
      await Promise.resolve();
    });
    assert.deepEqual(done, ['at once']);
    stored();
    stored();
    assert.deepEqual(done, ['at once', 'later']);
  });
});
