/** Fewer different characters than any 32 random ones have, and than any 16: hexadecimal digits, for example. */
const FEWEST_CHARACTERS = { long: 8, short: 5 };

/** Whether a text of at least 16 characters can have been made at random: not one letter, or a repeated word. */
export function looksRandom(text: string): boolean {
  return new Set(text).size >= (text.length < 32 ? FEWEST_CHARACTERS.short : FEWEST_CHARACTERS.long);
}
