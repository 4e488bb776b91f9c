/**
 * Characters that a text for people has no use for: control characters, halves of characters, and what cannot be seen or turns
 * the direction of the text. With them a name can look like another one, and is not found by searching. (UAX #9, 2; UAX #31, 2.3)
 */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/** @returns the first such character of a text, like `U+2060` */
export function invisibleIn(text: string): string | undefined {
  const code = INVISIBLE.exec(text)?.[0].codePointAt(0);
  return code === undefined ? undefined : `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

export function withoutInvisible(text: string): string {
  return text.replaceAll(new RegExp(INVISIBLE, 'gu'), '');
}

/** A text for one line of a terminal or a log, where its control characters could move the cursor or begin another line. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ');
}
