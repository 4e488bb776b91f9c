import { parseArgs } from 'node:util';
import type { Audit } from '../audit/audit.ts';
import { exportedKeys, markCompromised } from '../oidc/keys/exported-keys.ts';
import { createKeyRotation, type KeyRotation } from '../oidc/keys/key-rotation.ts';
import {
  HINT_KEPT_MS,
  KEY_POLL_SECONDS,
  PUBLISHED_AFTER_MS,
  PUBLISHED_AHEAD_MS,
} from '../oidc/keys/key-schedule.ts';
import { INTERACTION_SECONDS } from '../oidc/lifetimes.ts';
import type { KeyChange, SigningKey } from '../oidc/stores.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { ReencryptedTable } from '../store/encryption/reencrypt.ts';
import type { Store } from '../store/store.ts';
import { answer, type AnswerContext, jsonText, timeText } from './json-output.ts';
import { onlyOne, requireNoMore, unknownCommand } from './usage.ts';

/** Dependencies of the commands. */
export interface KeysCommandContext extends AnswerContext {
  readonly store: Pick<Store, 'signingKeys' | 'records' | 'sealedRows' | 'reencrypt'>;
  readonly secrets: Pick<Secrets, 'keyIds'>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Records the changes. */
  readonly audit: Pick<Audit, 'record'>;
}

/**
 * `sild keys list | rotate [--now] | retire KID | export | reencrypt`.
 *
 * @returns the action, which returns the exit status: 0, or 1 when something is left to do; it throws {KeyError}
 * @throws {UsageError} and the TypeError of `parseArgs`
 */
export function keysCommand([action, ...args]: readonly string[]): (
  context: KeysCommandContext,
) => Promise<0 | 1> {
  switch (action) {
    case 'list':
      requireNoMore(args);
      return list;
    case 'rotate': {
      const { values } = parseArgs({ args, options: { now: { type: 'boolean', default: false } } });
      return values.now ? replaceAll : change((rotation) => rotation.rotate());
    }
    case 'retire': {
      // A KID may begin with a dash.
      const kid = onlyOne(args, 'The KID');
      return change((rotation) => rotation.retire(kid));
    }
    case 'export':
      requireNoMore(args);
      return exportKeys;
    case 'reencrypt':
      requireNoMore(args);
      return reencrypt;
    default:
      throw unknownCommand('keys', action);
  }
}

/** An action that changes signing keys, records it in the audit and prints it. */
function change(act: (rotation: KeyRotation) => Promise<readonly KeyChange[]>) {
  return async (context: KeysCommandContext): Promise<0> => {
    const { store, now } = context;
    const rotation = createKeyRotation({ signingKeys: store.signingKeys, rotationDays: undefined, now });
    report(await act(rotation), context);
    return 0;
  };
}

/**
 * Replaces compromised keys, whose signatures prove nothing any more. The keys are marked before they are replaced: if the command failed
 * in between, a second run would not mark keys that are replaced already.
 */
async function replaceAll(context: KeysCommandContext): Promise<0> {
  const { signingKeys, records } = context.store;
  const keys = await signingKeys.list();
  await markCompromised(
    records,
    keys.map(({ kid }) => kid),
  );
  return change((rotation) => rotation.replaceAll())(context);
}

/** The same with and without `--json`: a JWK Set. */
async function exportKeys({ store, print }: KeysCommandContext): Promise<0> {
  print(jsonText({ keys: await exportedKeys(store.records) }));
  return 0;
}

async function list(context: KeysCommandContext): Promise<0> {
  const { store, secrets, now } = context;
  const signingKeys = await store.signingKeys.list();
  const rows = await store.sealedRows();
  const secretKeys = secrets.keyIds.map((key, index) => ({
    key,
    role: index === 0 ? 'seals' : 'opens',
    rows: rows[key] ?? 0,
  }));
  const missing = Object.entries(rows)
    .filter(([key]) => !secrets.keyIds.includes(key))
    .map(([key, count]) => ({ key, role: 'missing', rows: count }));
  const document = {
    signing_keys: signingKeys.map(({ kid, alg, state, since }) => ({
      kid,
      alg,
      state,
      since: timeText(since),
    })),
    secret_keys: [...secretKeys, ...missing],
  };
  answer(context, document, [
    ...(signingKeys.length === 0 ? ['signing keys\tnone yet: made at the first start'] : []),
    ...signingKeys.map((key) =>
      [key.kid, key.alg, key.state, `since ${timeText(key.since)}`, prospectOf(key, now())].join('\t'),
    ),
    ...secretKeys.map(({ key, role, rows: count }, index) =>
      [
        `SECRET_KEY ${index + 1}`,
        `key ${key}`,
        role === 'seals' ? 'seals whatever is written' : role,
        countOf(count),
      ].join('\t'),
    ),
    ...missing.map(({ key, role, rows: count }) =>
      ['not in SECRET_KEY', `key ${key}`, role, countOf(count)].join('\t'),
    ),
  ]);
  return 0;
}

/** The next change of a signing key's state. */
function prospectOf({ state, since }: SigningKey, now: number): string {
  switch (state) {
    case 'next':
      return `can sign from ${timeText(since + PUBLISHED_AHEAD_MS)} on`;
    case 'current':
      return 'signs';
    case 'previous': {
      const until = since + PUBLISHED_AFTER_MS;
      const removed = `removed after ${timeText(since + HINT_KEPT_MS)}`;
      return now < until ? `published until ${timeText(until)}, ${removed}` : removed;
    }
  }
}

function report(changes: readonly KeyChange[], context: KeysCommandContext): void {
  for (const { kid, alg, from, to } of changes) {
    context.audit.record({ event: 'signing_key_changed', kid, alg, from, to });
  }
  const document = {
    changes: changes.map(({ kid, alg, from, to }) => ({ kid, alg, from: from ?? null, to: to ?? null })),
  };
  answer(context, document, [
    ...changes.map(({ kid, alg, from, to }) =>
      [kid, alg, `${from ?? 'made'} → ${to ?? 'removed'}`].join('\t'),
    ),
    `Running instances take this up within ${KEY_POLL_SECONDS} seconds.`,
  ]);
}

async function reencrypt(context: KeysCommandContext): Promise<0 | 1> {
  const { store, secrets, audit } = context;
  const tables = await store.reencrypt();
  const unopened = sumOf(tables, 'unopened');
  const left = sumOf(tables, 'left');
  audit.record({ event: 'rows_reencrypted', resealed: sumOf(tables, 'resealed'), unopened });
  const named = tables.flatMap((table) => table.named);
  const document = {
    tables: tables.map(({ table, resealed }) => ({ table, resealed })),
    unopened,
    left,
    not_opened: named.map(({ row, reason }) => ({ row, reason })),
  };
  const lines = [
    ...tables.map(({ table, resealed }) => `${table}\t${countOf(resealed)} re-encrypted`),
    ...named.map(({ row, reason }) => `not opened\t${row}\t${reason}`),
    ...(unopened > 0 ? [`${countOf(unopened)} cannot be opened and are left as they are.`] : []),
  ];
  if (left > 0) {
    lines.push(
      `${countOf(left)} were sealed with another key meanwhile: an instance has another first SECRET_KEY. Run this again once all have the same.`,
    );
  }
  if (unopened + left === 0) {
    lines.push(
      `Everything is sealed with key ${secrets.keyIds[0]}, the first SECRET_KEY. No other is needed once every instance has had it first for ${INTERACTION_SECONDS / 60} minutes: cookies of logins in progress are signed with the one before.`,
    );
  }
  answer(context, document, lines);
  return unopened + left === 0 ? 0 : 1;
}

function sumOf(tables: readonly ReencryptedTable[], count: 'resealed' | 'unopened' | 'left'): number {
  return tables.reduce((sum, table) => sum + table[count], 0);
}

function countOf(rows: number): string {
  return `${rows} ${rows === 1 ? 'row' : 'rows'}`;
}
