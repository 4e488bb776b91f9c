/** docs/operations.md has every metric, audit event and variable, and no other. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { SECTIONS } from '../../src/config/config.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const page = read('docs/operations.md');

describe('the operations page', () => {
  it('has each metric of Sild, and no other', () => {
    const sources = globSync('src/metrics/*.ts', { cwd: root }).map(read).join('\n');
    const registered = namesIn(sources, /name: '(sild_\w+)'/g);
    assert.ok(registered.size > 10);
    assert.deepEqual(namesIn(page, /`(sild_\w+)/g), registered);
  });

  it('has each event of the audit, and no other', () => {
    const unions = read('src/audit/events.ts').matchAll(/readonly event:((?:\s*\|?\s*'\w+')+)/g);
    const events = namesIn(Array.from(unions, ([, names]) => names).join(), /'(\w+)'/g);
    assert.ok(events.size > 25);
    const [table = ''] = page.split('\n| Events ')[1]?.split('\n\n') ?? [];
    const cells = Array.from(table.matchAll(/^\| ([^|]*) \|/gm), ([, cell]) => cell).join();
    assert.deepEqual(namesIn(cells, /`(\w+)`/g), events);
  });
});

describe('the documentation', () => {
  it('names only variables that the configuration has', () => {
    const known = new Set(Object.values(SECTIONS).flatMap((section) => Object.keys(section)));
    const pages = ['README.md', ...globSync('docs/*.md', { cwd: root, exclude: ['docs/architecture.md'] })];
    const named = namesIn(
      pages.map(read).join('\n'),
      /`((?:SMARTID|RATE|TRUST|TLS|MTLS|OPS|SIMULATOR|DATABASE|CLIENTS?)_[A-Z_]+[A-Z])(?:=[^`]*)?`/g,
    );
    assert.ok(named.size > 20);
    assert.deepEqual(
      [...named].filter((name) => !known.has(name.replace(/_FILE$/, '')) && !known.has(name)),
      [],
    );
  });
});

function namesIn(text: string, pattern: RegExp): ReadonlySet<string> {
  return new Set(Array.from(text.matchAll(pattern), ([, name = '']) => name));
}
