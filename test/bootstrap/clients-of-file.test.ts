import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { keepClientsOfFile } from '../../src/bootstrap/clients-of-file.ts';
import { reasonNotToStart } from '../../src/bootstrap/start-error.ts';
import { StoreError } from '../../src/store/errors.ts';
import type { Store } from '../../src/store/store.ts';
import { openTestStore } from '../support/database.ts';
import { OPERATOR } from '../support/oidc-bridge.ts';
import { createTestAudit } from '../support/outputs/audit.ts';

let directory: string;
let clientsFile: string;
let store: Store;
let lines: { readonly event?: string }[];
let stops: (() => Promise<void>)[];
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sild-clients-of-file-'));
  clientsFile = join(directory, 'clients.yaml');
  store = await openTestStore();
});
after(async () => {
  await store.close();
  await rm(directory, { recursive: true });
});
beforeEach(() => {
  [lines, stops] = [[], []];
});

const describeClients = (...ids: string[]) =>
  writeFile(
    clientsFile,
    JSON.stringify({
      clients: ids.map((client_id) => ({
        client_id,
        client_secret: '${CLIENT_SECRET}',
        redirect_uris: ['https://app.example.ee/callback'],
      })),
    }),
  );

function keep(path: string | undefined = clientsFile, records = store.records, audit = createTestAudit()) {
  const log = pino({}, { write: (line: string) => lines.push(JSON.parse(line) as { event?: string }) });
  return keepClientsOfFile(
    { clientsFile: path, clientFetchHosts: [] },
    { operator: OPERATOR, store: { ...store, records }, audit, log },
    { CLIENT_SECRET: 'a secret of sufficient length' },
    (stop) => stops.push(stop),
  );
}

async function stop() {
  for (const each of stops) await each();
}

const clients = async () => (await store.records.list('Client')).map(({ id }) => id).sort();

describe('CLIENTS_FILE', () => {
  it('is applied at the start, and at each SIGHUP', async () => {
    await describeClients('a', 'b');
    await keep();
    assert.deepEqual(await clients(), ['a', 'b']);
    await describeClients('b', 'c');
    process.emit('SIGHUP');
    await stop();
    assert.deepEqual(await clients(), ['b', 'c']);
    assert.deepEqual(
      lines.map(({ event }) => event),
      ['clients_applied', 'clients_applied'],
    );
    assert.equal(process.listenerCount('SIGHUP'), 0);
  });

  it('is applied again after a SIGHUP that comes while it is applied at the start', async () => {
    await describeClients('a');
    const kept = keep();
    process.emit('SIGHUP');
    await kept;
    await stop();
    assert.deepEqual(
      lines.map(({ event }) => event),
      ['clients_applied', 'clients_applied'],
    );
  });

  it('prevents the start with a problem, which is reported with its line', async () => {
    await writeFile(clientsFile, 'clients:\n  - client_id: a\n');
    const error: unknown = await keep().catch((thrown: unknown) => thrown);
    assert.match(
      reasonNotToStart(error),
      /^Sild cannot start\. Please correct the file of clients; nothing is changed:\n {2}clients\.yaml:2: /,
    );
    assert.equal(stops.length, 0);
    assert.equal(process.listenerCount('SIGHUP'), 0);
  });

  it('changes nothing with a problem at a SIGHUP, which is logged', async () => {
    await describeClients('a');
    await keep();
    await writeFile(clientsFile, 'clients:\n  - client_id: b\n');
    process.emit('SIGHUP');
    await stop();
    assert.deepEqual(await clients(), ['a']);
    const [, refused] = lines as { problems?: string[]; event?: string }[];
    assert.equal(refused?.event, 'clients_not_applied');
    assert.match(refused.problems?.[0] ?? '', /^clients\.yaml:2: a secret is missing/);
  });

  it('is applied at a SIGHUP during an outage when the database is back, with every change in the audit', async () => {
    await describeClients('a', 'b');
    const audit = createTestAudit();
    const { records } = store;
    const outages = { list: 0, put: 0, remove: 0 };
    const failing = (call: keyof typeof outages) => {
      if (outages[call] === 0) return;
      outages[call] -= 1;
      throw new StoreError('database_unreachable', 'the connection was lost');
    };
    await keep(
      clientsFile,
      {
        ...records,
        async list(model) {
          failing('list');
          return records.list(model);
        },
        // The answers are lost: it is done.
        async put(...record) {
          await records.put(...record);
          failing('put');
        },
        async remove(...record) {
          await records.remove(...record);
          failing('remove');
        },
      },
      audit,
    );
    await describeClients('b', 'lost');
    audit.events.length = 0;
    Object.assign(outages, { list: 2, put: 1, remove: 1 });
    process.emit('SIGHUP');
    while (lines.length < 3) await delay(20);
    await stop();
    assert.deepEqual(outages, { list: 0, put: 0, remove: 0 });
    assert.deepEqual(await clients(), ['b', 'lost']);
    assert.deepEqual(
      audit.events.map(({ event }) => event),
      ['client_removed', 'client_added'],
    );
    assert.deepEqual(
      lines.map(({ event }) => event),
      ['clients_applied', 'clients_delayed', 'clients_applied'],
    );
  });

  it('is not needed', async () => {
    await keepClientsOfFile(
      { clientsFile: undefined, clientFetchHosts: [] },
      { operator: OPERATOR, store, audit: createTestAudit(), log: pino({ level: 'silent' }) },
      {},
      (stop) => stops.push(stop),
    );
    assert.equal(stops.length, 0);
  });
});
