/**
 * `--json`: a command prints one JSON document instead of its lines. Errors are sentences on stderr with the same exit status, and
 * `audit export` prints JSON lines in either case.
 */

/** How a command answers. */
export interface AnswerContext {
  /** Whether the answer is JSON. Default: false. */
  readonly json?: boolean | undefined;
  readonly print: (line: string) => void;
}

export const JSON_OPTION = '--json';

/** Takes the option, which every command has, from the words of a command. */
export function withoutJsonOption(words: readonly string[]): {
  readonly words: readonly string[];
  readonly json: boolean;
} {
  const others = words.filter((word) => word !== JSON_OPTION);
  return { words: others, json: others.length < words.length };
}

/** Prints the answer: the document, or the lines. */
export function answer(
  { json = false, print }: AnswerContext,
  document: object,
  lines: readonly string[],
): void {
  if (json) print(jsonText(document));
  else for (const line of lines) print(line);
}

/** As `client show` prints it. A member that is undefined is left out. */
export function jsonText(document: object): string {
  return JSON.stringify(document, undefined, 2);
}

/** RFC 3339, in UTC. @param at milliseconds since the epoch */
export function timeText(at: number): string {
  return new Date(at).toISOString();
}
