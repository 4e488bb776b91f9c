import { parseArgs } from 'node:util';
import type { Audit } from '../audit/audit.ts';
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
import { onlyOne, requireNoMore, unknownCommand } from './usage.ts';

/** Dependencies of the commands. */
export interface KeysCommandContext {
  readonly store: Pick<Store, 'signingKeys' | 'sealedRows' | 'reencrypt'>;
  readonly secrets: Pick<Secrets, 'keyIds'>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly print: (line: string) => void;
  /** Records the changes. */
  readonly audit: Pick<Audit, 'record'>;
}

/**
 * `sild keys list | rotate [--now] | retire KID | reencrypt`.
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
      return change((rotation) => (values.now ? rotation.replaceAll() : rotation.rotate()));
    }
    case 'retire': {
      // A KID may begin with a dash.
      const kid = onlyOne(args, 'The KID');
      return change((rotation) => rotation.retire(kid));
    }
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

async function list({ store, secrets, now, print }: KeysCommandContext): Promise<0> {
  const signingKeys = await store.signingKeys.list();
  if (signingKeys.length === 0) print('signing keys\tnone yet: made at the first start');
  for (const key of signingKeys) {
    print([key.kid, key.alg, key.state, `since ${timeOf(key.since)}`, prospectOf(key, now())].join('\t'));
  }
  const rows = await store.sealedRows();
  for (const [index, id] of secrets.keyIds.entries()) {
    const role = index === 0 ? 'seals whatever is written' : 'opens';
    print([`SECRET_KEY ${index + 1}`, `key ${id}`, role, countOf(rows[id] ?? 0)].join('\t'));
  }
  for (const [id, count] of Object.entries(rows).filter(([id]) => !secrets.keyIds.includes(id))) {
    print(['not in SECRET_KEY', `key ${id}`, 'missing', countOf(count)].join('\t'));
  }
  return 0;
}

/** The next change of a signing key's state. */
function prospectOf({ state, since }: SigningKey, now: number): string {
  switch (state) {
    case 'next':
      return `can sign from ${timeOf(since + PUBLISHED_AHEAD_MS)} on`;
    case 'current':
      return 'signs';
    case 'previous': {
      const until = since + PUBLISHED_AFTER_MS;
      const removed = `removed after ${timeOf(since + HINT_KEPT_MS)}`;
      return now < until ? `published until ${timeOf(until)}, ${removed}` : removed;
    }
  }
}

function report(changes: readonly KeyChange[], { audit, print }: KeysCommandContext): void {
  for (const { kid, alg, from, to } of changes) {
    audit.record({ event: 'signing_key_changed', kid, alg, from, to });
    print([kid, alg, `${from ?? 'made'} → ${to ?? 'removed'}`].join('\t'));
  }
  print(`Running instances take this up within ${KEY_POLL_SECONDS} seconds.`);
}

async function reencrypt({ store, secrets, audit, print }: KeysCommandContext): Promise<0 | 1> {
  const tables = await store.reencrypt();
  for (const { table, resealed } of tables) print(`${table}\t${countOf(resealed)} re-encrypted`);
  const unopened = sumOf(tables, 'unopened');
  const left = sumOf(tables, 'left');
  audit.record({ event: 'rows_reencrypted', resealed: sumOf(tables, 'resealed'), unopened });
  for (const { row, reason } of tables.flatMap(({ named }) => named)) print(`not opened\t${row}\t${reason}`);
  if (unopened > 0) print(`${countOf(unopened)} cannot be opened and are left as they are.`);
  if (left > 0) {
    print(
      `${countOf(left)} were sealed with another key meanwhile: an instance has another first SECRET_KEY. Run this again once all have the same.`,
    );
  }
  if (unopened + left > 0) return 1;
  print(
    `Everything is sealed with key ${secrets.keyIds[0]}, the first SECRET_KEY. No other is needed once every instance has had it first for ${INTERACTION_SECONDS / 60} minutes: cookies of logins in progress are signed with the one before.`,
  );
  return 0;
}

function sumOf(tables: readonly ReencryptedTable[], count: 'resealed' | 'unopened' | 'left'): number {
  return tables.reduce((sum, table) => sum + table[count], 0);
}

function countOf(rows: number): string {
  return `${rows} ${rows === 1 ? 'row' : 'rows'}`;
}

function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
