import assert from 'node:assert/strict';
import { globSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';

const root = join(import.meta.dirname, '..', '..');
const page = readFileSync(join(root, 'docs', 'architecture.md'), 'utf8');

describe('the architecture page', () => {
  it('describes every module', () => {
    const modules = readdirSync(join(root, 'src'), { withFileTypes: true })
      .map((entry) => (entry.isDirectory() ? `src/${entry.name}/` : `src/${entry.name}`))
      .filter((path) => !page.includes(`| \`${path}\``));
    assert.deepEqual(modules, []);
  });

  it('links every decision', () => {
    for (const name of readdirSync(join(root, 'docs', 'decisions'))) {
      assert.ok(page.includes(`](decisions/${name})`), name);
    }
  });
});

describe('the rules of CONTRIBUTING.md', () => {
  it('hold for the number of files in a folder of src', () => {
    const files = Map.groupBy(globSync('src/**/*.*', { cwd: root }), dirname);
    assert.ok(files.size > 50);
    const large = [...files].filter(([, { length }]) => length > 14);
    assert.deepEqual(large, []);
  });
});
