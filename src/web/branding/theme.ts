/**
 * A client's accent colour as a style sheet of custom properties, in the place of those of `login.css`.
 *
 * The colour is taken as it is where it can be read, and darkened (or, on the dark ground, lightened) by no more than it
 * takes where it cannot: as a link on every ground of ours, and as a button under its text. (WCAG 2.2, 1.4.3)
 */
import { BLACK, type Colour, colourOf, contrast, hexOf, mixed, WHITE } from './colour.ts';

/** WCAG 2.2, 1.4.3 asks for 4.5; a little more, so that rounding never takes it away. */
const READABLE = 4.6;
/** Of the way to black or white, at once. */
const STEP = 1 / 64;

/** What an accent colour must go with, as `login.css` has it. */
export interface Grounds {
  readonly ground: Colour;
  readonly card: Colour;
  readonly ink: Colour;
}

export const LIGHT: Grounds = { ground: colourOf('#f3f3f1'), card: WHITE, ink: colourOf('#17202c') };
export const DARK: Grounds = {
  ground: colourOf('#101519'),
  card: colourOf('#1c2229'),
  ink: colourOf('#f1f4f6'),
};

/** The colours that an accent colour becomes on one of the two grounds. */
export interface Accent {
  /** Links, and the ground of buttons. */
  readonly strong: Colour;
  /** The ground of a button under the pointer. */
  readonly hover: Colour;
  /** The text of a button. */
  readonly onStrong: Colour;
  /** The ground of what is set apart. */
  readonly tint: Colour;
}

/** @param accentColor `#rrggbb` */
export function accentOn(grounds: Grounds, accentColor: string): Accent {
  const accent = colourOf(accentColor);
  const [away, onStrong] = grounds === DARK ? [WHITE, grounds.ground] : [BLACK, WHITE];
  const tint = mixed(grounds.card, accent, 0.1);
  const against = [grounds.ground, grounds.card, tint, onStrong];
  let strong = accent;
  // At the end of the way are black and white, which can be read on all of these.
  for (let share = 0; share <= 1 && !isReadable(strong, against); share += STEP) {
    strong = mixed(accent, away, share);
  }
  return { strong, hover: mixed(strong, away, 0.18), onStrong, tint };
}

/** The style sheet of an accent colour. */
export function themeOf(accentColor: string): string {
  return [
    `:root {\n${properties(accentOn(LIGHT, accentColor))}}\n`,
    `@media (prefers-color-scheme: dark) {\n:root {\n${properties(accentOn(DARK, accentColor))}}\n}\n`,
  ].join('\n');
}

function properties({ strong, hover, onStrong, tint }: Accent): string {
  const values = {
    '--teal': strong,
    '--teal-hover': hover,
    '--on-teal': onStrong,
    '--tint': tint,
    '--link': strong,
    '--tile': strong,
    '--on-tile': onStrong,
  };
  return Object.entries(values)
    .map(([name, colour]) => `  ${name}: ${hexOf(colour)};\n`)
    .join('');
}

function isReadable(colour: Colour, against: readonly Colour[]): boolean {
  return against.every((other) => contrast(colour, other) >= READABLE);
}
