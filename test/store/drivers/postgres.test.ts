/** Behaviour specific to a database server. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createLogger } from '../../../src/log/logger.ts';
import { createSecrets } from '../../../src/secrets/secrets.ts';
import { StoreError } from '../../../src/store/errors.ts';
import { openStore, type Store } from '../../../src/store/store.ts';
import { startForgetfulProxy } from '../../support/servers/forgetful-proxy.ts';
import { execute, startTestPostgres, type TestPostgres } from '../../support/servers/postgres.ts';
import { pendingAttempt } from '../suite/samples.ts';
import type { Start } from '../../../src/login/limits/limit-store.ts';
import { aStart } from '../suite/limits.ts';
import { ensureCurrent } from '../suite/signing-keys.ts';

const UNLIMITED = { address: undefined, client: undefined, person: undefined, pushWaits: undefined };

describe('the store on a PostgreSQL server', () => {
  let server: TestPostgres;
  before(async () => {
    server = await startTestPostgres();
  });
  after(() => server.stop());

  it('opens in four instances at once, which then share everything', async () => {
    const stores = await Promise.all(Array.from({ length: 4 }, () => open(server.url)));
    try {
      const made = await Promise.all(stores.map((store) => ensureCurrent(store, 'RS256')));
      assert.equal(made.flat().length, 1);
      const pairwiseKeys = stores.map((store) => store.pairwiseKey);
      assert.equal(new Set(pairwiseKeys.map((key) => key.toString('hex'))).size, 1);

      const attempt = pendingAttempt();
      const added = await Promise.all(
        stores.map((store) => store.attempts.add(pendingAttempt({ interactionUid: attempt.interactionUid }))),
      );
      assert.equal(new Set(added.map(({ id }) => id)).size, 1);

      await at(stores, 0).records.put('AuthorizationCode', 'a-code', {}, {}, undefined);
      const consumed = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          at(stores, index % stores.length).records.consume('AuthorizationCode', 'a-code'),
        ),
      );
      assert.equal(consumed.filter(Boolean).length, 1);

      const applied = await execute(server.url, 'select name from kysely_migration');
      assert.equal(new Set(applied.map(({ name }) => name)).size, applied.length);
    } finally {
      await Promise.all(stores.map((store) => store.close()));
    }
  });

  it('removes expired rows in several instances at once without counting a row twice', async () => {
    const stores = [await open(server.url), await open(server.url)];
    try {
      const past = Math.floor(Date.now() / 1000) - 1;
      await Promise.all(
        Array.from({ length: 500 }, (_, index) =>
          at(stores, index % 2).records.put('AccessToken', `token-${index}`, {}, {}, past),
        ),
      );
      const removed = await Promise.all(stores.map((store) => store.records.removeExpired()));
      // Each skips the rows that the other has locked, so a last removal takes what both left.
      const rest = await at(stores, 0).records.removeExpired();
      assert.equal(
        removed.reduce((sum, count) => sum + count, rest),
        500,
      );
    } finally {
      await Promise.all(stores.map((store) => store.close()));
    }
  });

  for (const by of ['address', 'client', 'person'] as const) {
    it(`admits ten of 50 starts of one ${by} that come to two instances at once`, async () => {
      const stores = [await open(server.url), await open(server.url)];
      try {
        const rules = { ...UNLIMITED, [by]: { count: 10, perMs: 3_600_000 } };
        for (let round = 0; round < 5; round++) {
          const start = aStart({ push: false });
          const limited = await Promise.all(
            Array.from({ length: 50 }, (_, index) =>
              at(stores, index % 2).limits.admit({ ...start, attemptId: randomUUID() }, rules),
            ),
          );
          assert.equal(limited.filter((each) => each === undefined).length, 10);
          for (const each of limited) assert.ok(each === undefined || each.by === by);
        }
      } finally {
        await Promise.all(stores.map((store) => store.close()));
      }
    });
  }

  it('counts exactly when the clock of one instance is an hour ahead, and the other instances still admit starts', async () => {
    const hourAhead = () => Date.now() + 3_600_000;
    const stores = [await open(server.url), await open(server.url, hourAhead)];
    const rate = { count: 10, perMs: 600_000 };
    const rules = { address: rate, client: rate, person: rate, pushWaits: undefined };
    try {
      const start = aStart({ push: false });
      assert.equal(await at(stores, 1).limits.admit(start, rules), undefined);
      const limited = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          at(stores, index % 2).limits.admit({ ...start, attemptId: randomUUID() }, rules),
        ),
      );
      assert.equal(limited.filter((each) => each === undefined).length, 9);
      // Each instance computes `retryAt` with its own clock.
      for (const [store, now] of [
        [at(stores, 0), Date.now],
        [at(stores, 1), hourAhead],
      ] as const) {
        const refusal = await store.limits.admit({ ...start, attemptId: randomUUID() }, rules);
        assert.ok(refusal);
        const wait = refusal.retryAt - now();
        assert.ok(wait > 50_000 && wait <= 60_000, `${wait}`);
      }
    } finally {
      await Promise.all(stores.map((store) => store.close()));
    }
  });

  it('sends one of 50 pushes to a person that two instances ask for at once, and the next after its end', async () => {
    const stores = [await open(server.url), await open(server.url)];
    const rules = { ...UNLIMITED, pushWaits: [0, 3_600_000] };
    try {
      for (const expected of [1, 1, 0]) {
        const starts = Array.from({ length: 50 }, () => aStart({ identifier: 'PNOEE-47101010033' }));
        const limited = await Promise.all(
          starts.map((start, index) => at(stores, index % 2).limits.admit(start, rules)),
        );
        const admitted = starts.filter((_, index) => limited[index] === undefined);
        assert.equal(admitted.length, expected);
        for (const { attemptId, identifier = '' } of admitted) {
          await at(stores, 1).limits.pushEnded({
            attemptId,
            identifier,
            ending: 'unanswered',
            waits: rules.pushWaits,
          });
        }
      }
    } finally {
      await Promise.all(stores.map((store) => store.close()));
    }
  });

  it('counts exactly and without deadlock when starts share addresses, clients and people', async () => {
    const stores = [await open(server.url), await open(server.url)];
    const rules = {
      address: { count: 20, perMs: 3_600_000 },
      client: { count: 1_000, perMs: 3_600_000 },
      person: { count: 12, perMs: 3_600_000 },
      pushWaits: undefined,
    };
    try {
      const starts = Array.from({ length: 400 }, (_, index) =>
        aStart({
          networks: [{ network: `network ${index % 7}`, allowance: 1 }],
          clientId: `client ${index % 3}`,
          identifier: `PNOEE-person-${index % 11}`,
        }),
      );
      const limited = await Promise.all(
        starts.map((start, index) => at(stores, index % 2).limits.admit(start, rules)),
      );
      // A start that the person's limit refuses still counts for the address: together they admit 11 × 12 at most.
      const admitted = starts.filter((_, index) => limited[index] === undefined);
      const most = (of: (start: Start) => string | undefined) =>
        Math.max(
          ...Object.values(Object.groupBy(admitted, (start) => of(start) ?? '')).map(
            (each) => each?.length ?? 0,
          ),
        );
      assert.ok(most(({ identifier }) => identifier) <= 12);
      assert.ok(most(({ networks }) => networks[0]?.network) <= 20);
      const passedAddress = limited.filter((each) => each?.by !== 'address').length;
      assert.equal(passedAddress, 7 * 20);
    } finally {
      await Promise.all(stores.map((store) => store.close()));
    }
  });

  it('recovers after the server closed its connections, and logs it', async () => {
    const lines = new PassThrough({ encoding: 'utf8' });
    const store = await open(server.url, Date.now, createLogger({ level: 'warn', destination: lines }));
    try {
      await store.ping();
      const lost = once(lines, 'data');
      await execute(
        server.urlWith({ database: 'postgres' }),
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'sild'`,
      );
      const [line] = (await lost) as [string];
      assert.equal((JSON.parse(line) as { event: string }).event, 'database_connection_lost');
      await store.ping();
    } finally {
      await store.close();
    }
  });

  it('recovers within 20 seconds after all its connections died silently', async () => {
    const proxy = await startForgetfulProxy(server.url);
    const store = await open(proxy.url);
    const useEveryConnection = () =>
      Promise.allSettled([
        // A transaction waits no longer than a single statement, including its rollback.
        store.audit.append([{ at: 0, instance: 'x', number: 1, event: 'login_begun', data: {} }]),
        ...Array.from({ length: 9 }, () => store.ping()),
      ]);
    const outcomes = async () => (await useEveryConnection()).map(({ status }) => status);
    try {
      assert.deepEqual(new Set(await outcomes()), new Set(['fulfilled']));
      proxy.forget();
      const forgotten = performance.now();
      assert.deepEqual(new Set(await outcomes()), new Set(['rejected']));
      assert.deepEqual(new Set(await outcomes()), new Set(['fulfilled']));
      assert.ok(performance.now() - forgotten < 20_000);
    } finally {
      await store.close();
      proxy.close();
    }
  });

  const secret = 'a%20pass:word';
  const refusals: { name: string; code: StoreError['code']; url: () => string }[] = [
    {
      name: 'a wrong password',
      code: 'authentication_failed',
      url: () => server.urlWith({ password: secret }),
    },
    {
      name: 'an unknown user',
      code: 'authentication_failed',
      url: () => server.urlWith({ user: 'nobody', password: secret }),
    },
    { name: 'no password', code: 'authentication_failed', url: () => server.urlWith({ password: '' }) },
    {
      name: 'a database that is not there',
      code: 'database_missing',
      url: () => server.urlWith({ database: 'missing' }),
    },
  ];
  for (const { name, code, url } of refusals) {
    it(`reports ${name} in one sentence without the password, and closes its connections`, async () => {
      await assert.rejects(open(url()), isSentence(code, new URL(url()).password));
      const patience = AbortSignal.timeout(5_000);
      while (process.getActiveResourcesInfo().includes('TCPSocketWrap')) {
        patience.throwIfAborted();
        await nextTurn();
      }
    });
  }

  it('reports a user without rights in one sentence', async () => {
    await execute(server.url, `create role sild_guest login password 'guest-password'`);
    try {
      const url = server.urlWith({ database: 'template1', user: 'sild_guest', password: 'guest-password' });
      await assert.rejects(open(url), isSentence('permission_denied', 'guest-password'));
    } finally {
      await execute(server.url, 'drop role sild_guest');
    }
  });
});

describe('a database server that does not answer', () => {
  it('is reported in one sentence when nothing listens', async () => {
    const port = await unusedPort();
    const url = `postgres://sild:hidden-password@127.0.0.1:${port}/sild`;
    await assert.rejects(open(url), isSentence('database_unreachable', 'hidden-password'));
  });

  it('is reported in one sentence when another service listens', async () => {
    const stranger = createServer((socket) => socket.end('220 mail.example ESMTP\r\n')).listen(
      0,
      '127.0.0.1',
    );
    await once(stranger, 'listening');
    try {
      const { port } = stranger.address() as AddressInfo;
      const url = `postgres://sild:hidden-password@127.0.0.1:${port}/sild`;
      await assert.rejects(open(url), isSentence('database_unreachable', 'hidden-password'));
    } finally {
      stranger.close();
    }
  });
});

function open(databaseUrl: string, now = Date.now, log = createLogger({ level: 'silent' })): Promise<Store> {
  const secrets = createSecrets('the same SECRET_KEY on every instance of Sild');
  return openStore({ databaseUrl, dataDir: '/nowhere', secrets, now, log });
}

function isSentence(code: StoreError['code'], password: string) {
  return (error: unknown) => {
    assert.ok(error instanceof StoreError);
    assert.equal(error.code, code);
    assert.match(error.message, /^[A-Z][^\n]+\.$/);
    if (password !== '') {
      assert.ok(!error.message.includes(password));
      assert.ok(!error.message.includes(decodeURIComponent(password)));
    }
    return true;
  };
}

function at(stores: readonly Store[], index: number): Store {
  const store = stores[index];
  assert.ok(store);
  return store;
}

async function unusedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
