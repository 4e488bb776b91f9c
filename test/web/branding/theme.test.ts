import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Colour, colourOf, contrast, hexOf } from '../../../src/web/branding/colour.ts';
import { accentOn, DARK, LIGHT, themeOf } from '../../../src/web/branding/theme.ts';

const colour = fc
  .integer({ min: 0, max: 0xffffff })
  .map((value) => `#${value.toString(16).padStart(6, '0')}`);
const READABLE = 4.5;

describe('contrast', () => {
  it('has the values of WCAG', () => {
    const ratio = (one: string, other: string) => contrast(colourOf(one), colourOf(other)).toFixed(2);
    assert.equal(ratio('#000000', '#ffffff'), '21.00');
    assert.equal(ratio('#ffffff', '#ffffff'), '1.00');
    assert.equal(ratio('#767676', '#ffffff'), '4.54');
    assert.equal(ratio('#ff0000', '#ffffff'), '4.00');
    assert.equal(ratio('#ffffff', '#0000ff'), '8.59');
  });
});

describe('an accent colour', () => {
  for (const [theme, grounds] of [
    ['light', LIGHT],
    ['dark', DARK],
  ] as const) {
    it(`can be read wherever the ${theme} theme uses it`, () => {
      fc.assert(
        fc.property(colour, (accentColor) => {
          const { link, fill, hover, onFill, edge, tint } = accentOn(grounds, accentColor);
          for (const ground of [grounds.ground, grounds.card, tint]) {
            assert.ok(contrast(link, ground) >= READABLE);
            assert.ok(contrast(grounds.ink, ground) >= READABLE);
          }
          assert.equal(hexOf(fill), accentColor);
          assert.ok(contrast(onFill, fill) >= READABLE);
          assert.ok(contrast(onFill, hover) >= READABLE);
          assert.notDeepEqual(hover, fill);
          assert.ok(contrast(edge, grounds.card) >= 3);
        }),
      );
    });
  }

  it('fills buttons as it is, with the text that has more contrast', () => {
    for (const grounds of [LIGHT, DARK]) {
      for (const [accentColor, text] of [
        ['#ffd400', '#000000'],
        ['#7a1f5c', '#ffffff'],
        ['#ff6600', '#000000'],
        ['#000000', '#ffffff'],
        ['#ffffff', '#000000'],
      ] as const) {
        const { fill, onFill } = accentOn(grounds, accentColor);
        assert.deepEqual([hexOf(fill), hexOf(onFill)], [accentColor, text]);
      }
    }
  });

  it('does not change as a link if its contrast is sufficient', () => {
    for (const accentColor of ['#0a6e5c', '#7a1f5c', '#000000', '#1a4fa3']) {
      assert.equal(hexOf(accentOn(LIGHT, accentColor).link), accentColor);
    }
    for (const accentColor of ['#6fd0c5', '#ffffff', '#ffd977']) {
      assert.equal(hexOf(accentOn(DARK, accentColor).link), accentColor);
    }
  });

  it('changes as a link as little as necessary', () => {
    fc.assert(
      fc.property(colour, (accentColor) => {
        const { link, tint } = accentOn(LIGHT, accentColor);
        if (hexOf(link) === accentColor) return;
        const least = Math.min(...[LIGHT.ground, LIGHT.card, tint].map((ground) => contrast(link, ground)));
        assert.ok(least < 5, `${accentColor} became ${hexOf(link)}: ${least}`);
      }),
    );
  });
});

describe('the style sheet of an accent colour', () => {
  const page = readFileSync(new URL('../../../src/web/assets/login.css', import.meta.url), 'utf8');
  const theme = themeOf('#FFD400');

  it('sets only properties that the style sheet of the pages uses', () => {
    const names = Array.from(theme.matchAll(/(--[\w-]+):/g), ([, name]) => name ?? '');
    assert.ok(names.length >= 10);
    for (const name of names) assert.ok(page.includes(`var(${name})`) && page.includes(`  ${name}:`), name);
    assert.match(
      theme,
      /^:root \{\n(  --[\w-]+: #[0-9a-f]{6};\n)+\}\n\n@media \(prefers-color-scheme: dark\) \{\n:root \{\n(  --[\w-]+: #[0-9a-f]{6};\n)+\}\n\}\n$/,
    );
  });

  it('is computed for the background colours of the pages', () => {
    const [light = '', dark = ''] = page.split('prefers-color-scheme: dark');
    const valueIn = (css: string, name: string) =>
      new RegExp(`--${name}: (#[0-9a-f]+);`).exec(css)?.[1] ?? '';
    const whole = (hex: string) => (hex.length === 4 ? hex.replace(/[0-9a-f]/g, '$&$&') : hex);
    for (const [css, grounds] of [
      [light, LIGHT],
      [dark, DARK],
    ] as const) {
      for (const name of ['ground', 'card', 'ink'] as const) {
        assert.equal(whole(valueIn(css, name)), hexOf(grounds[name] satisfies Colour), name);
      }
    }
  });
});
