import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

const root = join(import.meta.dirname, '..', '..', '..');
/** What a pooler in transaction mode loses: locks, settings, tables, statements and subscriptions of a session. */
const SESSION_STATE =
  /pg_(?:try_)?advisory_lock(?:_shared)?\b|set_config\([^)]*,\s*false\)|`\s*(?:set\s+(?!local\b)|listen\s|prepare\s|create\s+temp)/i;

describe('the state of database sessions', () => {
  it('is kept by no other file than session.ts: statements outside of it end with their transaction', () => {
    const files = ['src/store', 'migrations'].flatMap((directory) =>
      readdirSync(join(root, directory), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts'))
        .map((name) => join(directory, name)),
    );
    assert.ok(files.length > 20);
    const keeping = files.filter((name) => SESSION_STATE.test(readFileSync(join(root, name), 'utf8')));
    assert.deepEqual(keeping, []);
    assert.match('sql`select pg_advisory_lock(1)`', SESSION_STATE);
    assert.match('sql`set search_path = x`', SESSION_STATE);
    assert.match("sql`select set_config('a', 'b', false)`", SESSION_STATE);
  });
});
