import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { withUnbrokenName } from '../../../src/web/pages/unbroken-name.ts';

const SPAN = '<span class="smart-id">Smart-ID</span>';
const root = join(import.meta.dirname, '..', '..', '..');

describe('the name Smart-ID on a page', () => {
  it('is kept together in texts', () => {
    assert.equal(withUnbrokenName('<p>Smart-ID’s: <b>Smart-ID</b></p>'), `<p>${SPAN}’s: <b>${SPAN}</b></p>`);
  });

  it('takes a time that grows with the page, and not with its square, where an address has it very often', () => {
    const link = `<a href="/language?back=${'Smart-ID'.repeat(30_000)}">Smart-ID</a>`;
    const page = link.repeat(16);
    const begin = performance.now();
    assert.equal(withUnbrokenName(page), page.replaceAll('>Smart-ID<', `>${SPAN}<`));
    assert.ok(performance.now() - begin < 3_000);
  });

  for (const html of [
    '<title>Smart-ID</title>',
    '<select><option value="EE">Smart-ID</option></select>',
    '<p title="Smart-ID &gt; Smart-ID"></p>',
    '<a title="Smart-ID"\n   href="/Smart-ID"><br data-x="Smart-ID"/></a>',
    '<svg><title>Smart-ID</title></svg>',
    '<!-- Smart-ID -->',
    '<style>/* Smart-ID */</style>',
  ]) {
    it(`is left as it is where no element can be: ${html}`, () => {
      assert.equal(withUnbrokenName(html), html);
    });
  }
});

describe('the sources of pages and texts', () => {
  it('have no invisible characters, and none by their numbers', () => {
    const files = globSync('{src,views}/**/*.{ts,js,css,njk}', { cwd: root });
    assert.ok(files.length > 200);
    for (const file of files) {
      const text = readFileSync(join(root, file), 'utf8');
      assert.doesNotMatch(
        text,
        /[\p{Cf}\p{Co}]|\\u(?:00ad|200[b-f]|2060|feff)|&(?:shy|zwn?j|#8288|#x2060);/iu,
        file,
      );
    }
  });
});
