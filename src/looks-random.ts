/** Fewer different characters than any 32 random ones have. */
const FEWEST_CHARACTERS = 8;

/** Whether a text of at least 32 characters can have been made at random: not one letter, or a repeated word. */
export function looksRandom(text: string): boolean {
  return new Set(text).size >= FEWEST_CHARACTERS;
}
