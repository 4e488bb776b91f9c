import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fullUsage } from '../../src/commands/usage.ts';
import { CLIENT_METADATA } from '../../src/oidc/clients/client-schema.ts';
import { FILE_MEMBERS } from '../../src/oidc/clients-file/references.ts';

const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'clients.md'), 'utf8');
const section = (heading: string) => page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';

const rows = Array.from(
  section('Metadata').matchAll(/^\| `([a-z_#A-Z]+)` +\| (.*?) *\|/gm),
  ([, member = '', option = '']) => ({ member, option }),
);
const names = new Set(CLIENT_METADATA.map((name) => name.replace(/#.*/, '#LANGUAGE')));

describe('the documentation of client metadata', () => {
  it('has each member, and no other', () => {
    assert.deepEqual(new Set(rows.map(({ member }) => member)), names);
  });

  it('has the members of a file besides them', () => {
    const named = Array.from(section('Clients as code').matchAll(/^\| `(\w+)` +\|/gm), ([, name]) => name);
    assert.deepEqual(named, FILE_MEMBERS);
  });

  it('is complete in the usage: each member has an option or is named for --metadata', () => {
    const usage = fullUsage();
    for (const { member, option } of rows) {
      const [typed] = /--[a-z-]+/.exec(option) ?? [];
      assert.ok(member === 'client_id' || usage.includes(typed ?? member), member);
    }
  });
});
