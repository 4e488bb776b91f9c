/**
 * A client's accent colour as a style sheet of custom properties, which override those of `login.css`.
 *
 * Buttons have the colour as it is, with black or white text, whichever has more contrast. As a link it must be readable on every
 * background of Sild's pages: if it is not, it is darkened (in the dark theme, lightened) as little as necessary.
 * (WCAG 2.2, 1.4.3)
 */
import { BLACK, type Colour, colourOf, contrast, hexOf, mixed, WHITE } from './colour.ts';

/** WCAG 2.2, 1.4.3 requires 4.5; a little more, because of rounding. */
const READABLE = 4.6;
/** WCAG 2.2, 1.4.11. */
const VISIBLE = 3.05;
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
  /** Links, progress, and the outline of what has the focus. */
  readonly link: Colour;
  /** The background of buttons: the accent colour. */
  readonly fill: Colour;
  /** The background of a button under the pointer. */
  readonly hover: Colour;
  /** The text of a button. */
  readonly onFill: Colour;
  /** The border of a button: visible on the card also where the fill hardly is. */
  readonly edge: Colour;
  /** The background of highlighted areas. */
  readonly tint: Colour;
}

/** @param accentColor `#rrggbb` */
export function accentOn(grounds: Grounds, accentColor: string): Accent {
  const fill = colourOf(accentColor);
  const away = grounds === DARK ? WHITE : BLACK;
  const tint = mixed(grounds.card, fill, 0.1);
  const [onFill, opposite] =
    contrast(WHITE, fill) >= contrast(BLACK, fill) ? [WHITE, BLACK] : ([BLACK, WHITE] as const);
  const [towardsText, awayFromText] = [mixed(fill, onFill, 0.12), mixed(fill, opposite, 0.12)];
  return {
    link: withContrast(fill, away, [grounds.ground, grounds.card, tint], READABLE),
    fill,
    hover: contrast(towardsText, onFill) >= READABLE ? towardsText : awayFromText,
    onFill,
    edge: withContrast(fill, away, [grounds.card], VISIBLE),
    tint,
  };
}

/** The style sheet of an accent colour. */
export function themeOf(accentColor: string): string {
  return [
    `:root {\n${properties(accentOn(LIGHT, accentColor))}}\n`,
    `@media (prefers-color-scheme: dark) {\n:root {\n${properties(accentOn(DARK, accentColor))}}\n}\n`,
  ].join('\n');
}

function properties({ link, fill, hover, onFill, edge, tint }: Accent): string {
  const values = {
    '--fill': fill,
    '--fill-hover': hover,
    '--on-fill': onFill,
    '--fill-edge': edge,
    '--tint': tint,
    '--link': link,
    '--tile': fill,
    '--on-tile': onFill,
  };
  return Object.entries(values)
    .map(([name, colour]) => `  ${name}: ${hexOf(colour)};\n`)
    .join('');
}

/** Mixes in as little of `away`, which has it, as gives a colour this contrast with all others. */
function withContrast(colour: Colour, away: Colour, others: readonly Colour[], least: number): Colour {
  let result = colour;
  for (let share = 0; share <= 1 && others.some((other) => contrast(result, other) < least); share += STEP) {
    result = mixed(colour, away, share);
  }
  return result;
}
