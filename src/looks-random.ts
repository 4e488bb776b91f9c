/** The least number of different characters: `long` from 32 characters on, `short` below. Random texts have more, even of hexadecimal digits. */
const FEWEST_CHARACTERS = { long: 8, short: 5 };

/** Whether a text of at least 16 characters can have been made at random: not one letter, or a repeated word. */
export function looksRandom(text: string): boolean {
  return new Set(text).size >= (text.length < 32 ? FEWEST_CHARACTERS.short : FEWEST_CHARACTERS.long);
}
