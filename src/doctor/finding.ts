/** The result of a check: a line with optional details. */
export interface Finding {
  /** A problem: Sild cannot start, or no login can succeed. */
  readonly level: 'ok' | 'warning' | 'problem';
  readonly subject: string;
  /** A sentence, or a part of one. */
  readonly text: string;
  readonly details?: readonly string[] | undefined;
}

const INDENT = ' '.repeat(9);

export function linesOf({ level, subject, text, details = [] }: Finding): string[] {
  return [`${level.padEnd(INDENT.length)}${subject}: ${text}`, ...details.map((detail) => INDENT + detail)];
}
