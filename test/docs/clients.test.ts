import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fullUsage } from '../../src/commands/usage.ts';
import { CLIENT_METADATA } from '../../src/oidc/clients/client-schema.ts';
import { FILE_MEMBERS } from '../../src/oidc/clients-file/references.ts';

const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'clients.md'), 'utf8');
const section = (heading: string) => page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';

const settings = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'client-settings.md'), 'utf8');
const rows = Array.from(
  settings.matchAll(/^\| `([a-z_#A-Z]+)` \| (.*?) \| (.*?) \|/gm),
  ([, member = '', option = '', values = '']) => ({ member, option, values }),
);
const names = new Set(CLIENT_METADATA.map((name) => name.replace(/#.*/, '#LANGUAGE')));

describe('the documentation of client metadata', () => {
  it('has each member, and no other', () => {
    assert.deepEqual(new Set(rows.map(({ member }) => member)), names);
  });

  it('has the values and the option of a member', () => {
    const rowOf = (name: string) => rows.find(({ member }) => member === name);
    assert.deepEqual(rowOf('flows'), {
      member: 'flows',
      option: '',
      values: 'list of `qr`, `web2app`, `notification`',
    });
    assert.deepEqual(rowOf('require_pkce'), {
      member: 'require_pkce',
      option: '`--pkce`, `--no-pkce`',
      values: '`true`, `false`',
    });
    assert.equal(rowOf('client_name#LANGUAGE')?.option, '`--name#LANGUAGE`');
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
    assert.match(usage, /What each means: docs\/client-settings\.md$/m);
  });
});
