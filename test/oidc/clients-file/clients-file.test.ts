import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { AuditEvent } from '../../../src/audit/events.ts';
import { ClientError } from '../../../src/oidc/clients/client-validation.ts';
import { createClientRegistry } from '../../../src/oidc/clients/clients.ts';
import { applyClientsFile } from '../../../src/oidc/clients-file/clients-file.ts';
import { clientsFileOf, exportedClients } from '../../../src/oidc/clients-file/exported-clients.ts';
import type { Store } from '../../../src/store/store.ts';
import { openTestStore } from '../../support/database.ts';

const SECRET = 'a secret of sufficient length';
const URI = 'https://app.example.ee/callback';

let directory: string;
let store: Store;
let recorded: AuditEvent[];
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sild-clients-file-'));
});
after(() => rm(directory, { recursive: true }));
beforeEach(async () => {
  store = await openTestStore();
  recorded = [];
});

/** Applies clients that are given without the members that all have. */
async function apply(clients: readonly Readonly<Record<string, unknown>>[], options?: { dryRun: boolean }) {
  const path = join(directory, 'clients.json');
  const whole = clients.map((client) => ({ client_secret: '${SECRET}', redirect_uris: [URI], ...client }));
  await writeFile(path, JSON.stringify({ clients: whole }));
  return applyClientsFile(
    {
      path,
      environment: { SECRET },
      records: store.records,
      audit: { record: (event) => recorded.push(event) },
    },
    options,
  );
}

async function applied(...clients: Readonly<Record<string, unknown>>[]) {
  const { changes, unchanged } = await apply(clients);
  return [...changes.map(({ kind, clientId }) => `${kind} ${clientId}`), unchanged];
}

const registry = () => createClientRegistry(store.records);
const listed = async () => (await registry().list()).map(({ metadata }) => metadata.client_id).sort();

describe('clients as code', () => {
  it('are added, changed and removed with the file', async (test) => {
    test.after(() => store.close());
    const a = { client_id: 'a' };
    assert.deepEqual(await applied(a, { client_id: 'b' }), ['added a', 'added b', 0]);
    assert.deepEqual(await applied(a, { client_id: 'b' }), [2]);
    const { changes } = await apply([
      a,
      { client_id: 'b', client_name: 'B', redirect_uris: [URI, `${URI}/2`] },
    ]);
    assert.deepEqual(
      changes.map((change) => change.kind === 'changed' && change.members),
      [['client_name', 'redirect_uris']],
    );
    assert.deepEqual(await applied(a), ['removed b', 1]);
    assert.deepEqual(await listed(), ['a']);
    assert.deepEqual(
      recorded.map((event) => event.event),
      ['client_added', 'client_added', 'client_changed', 'client_removed'],
    );
    assert.ok(!JSON.stringify(recorded).includes(SECRET));
  });

  it('are only compared in a dry run', async (test) => {
    test.after(() => store.close());
    const { changes } = await apply([{ client_id: 'a' }], { dryRun: true });
    assert.deepEqual(
      changes.map(({ kind }) => kind),
      ['added'],
    );
    assert.deepEqual([await listed(), recorded], [[], []]);
  });

  it('leave alone who was registered by hand, unless the file describes them', async (test) => {
    test.after(() => store.close());
    for (const client_id of ['hand', 'moved']) await registry().add({ client_id, redirect_uris: [URI] });
    assert.deepEqual(await applied({ client_id: 'moved' }), ['adopted moved', 0]);
    assert.deepEqual(await applied(), ['removed moved', 0]);
    assert.deepEqual(await listed(), ['hand']);
  });

  it('cannot be changed by hand', async (test) => {
    test.after(() => store.close());
    await apply([{ client_id: 'a' }]);
    const refused = {
      name: ClientError.name,
      code: 'client_of_file',
      message: /client a is described by a file/,
    };
    await assert.rejects(registry().update('a', { client_name: 'A' }), refused);
    await assert.rejects(registry().changeSecret('a'), refused);
    await assert.rejects(registry().remove('a'), refused);
    await assert.rejects(registry().add({ client_id: 'a', redirect_uris: [URI] }), { code: 'client_exists' });
    assert.deepEqual(
      (await registry().list()).map(({ isOfFile, metadata }) => [isOfFile, metadata]),
      [[true, { client_id: 'a', redirect_uris: [URI] }]],
    );
  });

  it('are not changed at all when one of them is refused', async (test) => {
    test.after(() => store.close());
    await apply([{ client_id: 'a' }]);
    const pairwise = {
      client_id: 'c',
      subject_type: 'pairwise',
      redirect_uris: [URI, 'https://other.example/'],
    };
    await assert.rejects(
      apply([{ client_id: 'b' }, pairwise]),
      /^ClientsFileError: clients\.json:1: sector_identifier_uri/,
    );
    await assert.rejects(
      apply([{ client_id: 'b' }, { client_id: 'c', client_secret: 'in the file itself' }]),
      /ClientsFileError/,
    );
    assert.deepEqual(await listed(), ['a']);
  });

  it('are exported in the form in which they are read, with hashes of their secrets', async (test) => {
    test.after(() => store.close());
    const { client_secret } = await registry().add({
      client_id: 'hand',
      client_name: 'By hand: #1',
      redirect_uris: [URI],
    });
    await apply([{ client_id: 'public', client_secret: undefined, token_endpoint_auth_method: 'none' }]);
    const text = clientsFileOf(await exportedClients(store.records));
    const hash = createHash('sha256')
      .update(client_secret ?? '')
      .digest('hex');
    assert.ok(text.includes(hash) && !text.includes(client_secret ?? ''));

    const path = join(directory, 'exported.yaml');
    await writeFile(path, text);
    const again = { path, environment: {}, records: store.records, audit: { record: () => undefined } };
    const { changes, unchanged } = await applyClientsFile(again);
    assert.deepEqual(
      [changes.map(({ kind, clientId }) => [kind, clientId]), unchanged],
      [[['adopted', 'hand']], 1],
    );
    assert.equal(clientsFileOf(await exportedClients(store.records)), text);
  });
});
