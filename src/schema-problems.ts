/** What is wrong with a value that an operator has written, in our words: those of zod are for programmers. */
import type { z } from 'zod';

/**
 * The problems of a refused value, a sentence each: `redirect_uris[0] must be a text`. The words of a schema itself go before those for
 * its kind. None quotes the value.
 */
export function problemsOf({ issues }: z.ZodError): readonly string[] {
  return issues.map(({ path, message }) => [memberName(path), message].filter(Boolean).join(' '));
}

/** `services[0].name`; empty for the whole value. */
export function memberName(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${String(part)}`))
    .join('');
}

/** Has `safeParse` put each problem into words that follow the name of the member. */
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
    case 'unrecognized_keys':
      return `has ${issue.keys.join(', ')}, which Sild does not know`;
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
