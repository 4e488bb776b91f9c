/** What is wrong with a value that an operator has written, in our words: those of zod are for programmers. */
import type { z } from 'zod';

export interface SchemaProblem {
  readonly path: readonly PropertyKey[];
  /** A sentence: `redirect_uris[0] must be a text`. */
  readonly text: string;
  /** Whether there is no such member. */
  readonly isUnknown: boolean;
}

/** The problems of a refused value. The words of a schema itself go before those for its kind, which do not quote the value. */
export function problemsOf({ issues }: z.ZodError): readonly SchemaProblem[] {
  return issues.flatMap((issue) => {
    const { path } = issue;
    if (issue.code !== 'unrecognized_keys') return [problemOf(path, issue.message, false)];
    return issue.keys.map((key) => problemOf([...path, key], 'is unknown', true));
  });
}

function problemOf(path: readonly PropertyKey[], words: string, isUnknown: boolean): SchemaProblem {
  return { path, text: [memberName(path), words].filter(Boolean).join(' '), isUnknown };
}

/** All of them, a line each. */
export function problemText(error: z.ZodError): string {
  return problemsOf(error)
    .map(({ text }) => text)
    .join('\n');
}

/** `services[0].name`; empty for the whole value. */
function memberName(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${String(part)}`))
    .join('');
}

/** Makes `safeParse` report each problem in words that follow the name of the member. */
export const inWords = { error: wordsFor } as const;

function wordsFor(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? 'is missing'
        : `must be ${KINDS[issue.expected] ?? 'of another type'}`;
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return isText(issue) && issue.minimum === 1
        ? 'must not be empty'
        : `must ${VERBS[issue.origin] ?? 'have'} at least ${issue.minimum}${unitOf(issue)}`;
    case 'too_big':
      return `must ${VERBS[issue.origin] ?? 'have'} at most ${issue.maximum}${unitOf(issue)}`;
    default:
      return 'is not valid';
  }
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping of names to values',
  record: 'a mapping of names to values',
};

const VERBS: Readonly<Record<string, string>> = { number: 'be', int: 'be' };

function isText({ origin }: { readonly origin: string }): boolean {
  return origin === 'string';
}

function unitOf(issue: { readonly origin: string }): string {
  return isText(issue) ? ' characters' : '';
}
