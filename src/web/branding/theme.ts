/**
 * A client's accent colour as a style sheet of custom properties, which override those of `login.css`.
 *
 * A colour with enough contrast is used unchanged. Otherwise it is darkened (in the dark theme, lightened) as little as
 * necessary: as a link on every background of Sild's pages, and as a button under its text. (WCAG 2.2, 1.4.3)
 */
import { BLACK, type Colour, colourOf, contrast, hexOf, mixed, WHITE } from './colour.ts';

/** WCAG 2.2, 1.4.3 requires 4.5; a little more, because of rounding. */
const READABLE = 4.6;
/** How much black or white is mixed in at each step. */
const STEP = 1 / 64;

/** The colours that an accent colour is combined with, as in `login.css`. */
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

/** The colours derived from an accent colour for one of the two themes. */
export interface Accent {
  /** Links, and the background of buttons. */
  readonly strong: Colour;
  /** The background of a button under the pointer. */
  readonly hover: Colour;
  /** The text of a button. */
  readonly onStrong: Colour;
  /** The background of highlighted areas. */
  readonly tint: Colour;
}

/** @param accentColor `#rrggbb` */
export function accentOn(grounds: Grounds, accentColor: string): Accent {
  const accent = colourOf(accentColor);
  const [away, onStrong] = grounds === DARK ? [WHITE, grounds.ground] : [BLACK, WHITE];
  const tint = mixed(grounds.card, accent, 0.1);
  const against = [grounds.ground, grounds.card, tint, onStrong];
  let strong = accent;
  // The last step is black or white, which has enough contrast on all of these.
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
