import fc from 'fast-check';
import { withMember, withoutMember } from '../answers/authentication-responses.ts';
import { type ByteMutation, byteMutation, mutateBytes } from './byte-mutations.ts';
import { type DerMutation, derMutation, mutateDer } from './der-mutations.ts';
import { type AnyExchange, bodyOf, membersOf, partsOf, valueAt } from './members.ts';
import { mutateText, type TextMutation, textMutation } from './text-mutations.ts';

type Path = readonly string[];

/** A change of a response. Members and parts are indexes, modulo their number. */
export type AnswerMutation =
  /** Changes the bytes of a Base64 member. */
  | { readonly answer: 'bytes'; readonly member: number; readonly change: ByteMutation }
  /** Changes the certificate's DER. */
  | { readonly answer: 'der'; readonly changes: readonly DerMutation[] }
  | { readonly answer: 'text'; readonly member: number; readonly change: TextMutation }
  /** Changes the raw JSON. */
  | { readonly answer: 'json'; readonly change: TextMutation }
  | { readonly answer: 'value'; readonly part: number; readonly value: fc.JsonValue }
  | { readonly answer: 'list'; readonly part: number }
  | { readonly answer: 'drop'; readonly part: number }
  | { readonly answer: 'rename'; readonly part: number; readonly change: TextMutation }
  /** Repeats the member with another value. */
  | { readonly answer: 'duplicate'; readonly part: number; readonly value: fc.JsonValue }
  | { readonly answer: 'swap'; readonly member: number; readonly with: number }
  /** Replaces parts with those of another valid response. */
  | { readonly answer: 'splice'; readonly parts: readonly number[] }
  /** Replaces the whole response with another valid one. */
  | { readonly answer: 'other' }
  /** Changes the callback's values. */
  | { readonly answer: 'callback'; readonly verifier: boolean; readonly change: TextMutation };

const number = fc.nat(1_000);
const value = fc.oneof(
  fc.constantFrom<fc.JsonValue>(null, true, false, 0, -1, 64, 1e21, '', 'OK', 'QUALIFIED', [], {}),
  fc.jsonValue({ maxDepth: 2 }),
);

export const answerMutation: fc.Arbitrary<AnswerMutation> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ answer: fc.constant('bytes'), member: number, change: byteMutation }) },
  {
    weight: 5,
    arbitrary: fc.record({
      answer: fc.constant('der'),
      changes: fc.array(derMutation, { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ answer: fc.constant('text'), member: number, change: textMutation }) },
  { weight: 2, arbitrary: fc.record({ answer: fc.constant('json'), change: textMutation }) },
  fc.record({ answer: fc.constant('value'), part: number, value }),
  fc.record({ answer: fc.constant('list'), part: number }),
  fc.record({ answer: fc.constant('drop'), part: number }),
  fc.record({ answer: fc.constant('rename'), part: number, change: textMutation }),
  fc.record({ answer: fc.constant('duplicate'), part: number, value }),
  fc.record({ answer: fc.constant('swap'), member: number, with: number }),
  {
    weight: 3,
    arbitrary: fc.record({
      answer: fc.constant('splice'),
      parts: fc.array(number, { minLength: 1, maxLength: 6 }),
    }),
  },
  fc.record({ answer: fc.constant('other') }),
  fc.record({ answer: fc.constant('callback'), verifier: fc.boolean(), change: textMutation }),
);

/**
 * Mutates the response of a login.
 *
 * @param other a valid response of another login
 */
export function mutateAnswer(given: AnyExchange, mutation: AnswerMutation, other: AnyExchange): AnyExchange {
  const members = membersOf(given);
  const parts = partsOf(given);
  const [answer, others]: [unknown, unknown] = [given.answer, other.answer];
  switch (mutation.answer) {
    case 'bytes': {
      const path = pick(members.filter(isBytes), mutation.member);
      const bytes = mutateBytes(bytesAt(answer, path), mutation.change, bytesAt(others, path));
      return withChangedResponse(given, withMember(bytes.toString(encodingOf(path)), ...path));
    }
    case 'der': {
      const path = ['cert', 'value'];
      const otherBytes = bytesAt(others, path);
      const der = mutation.changes.reduce(
        (bytes, change) => mutateDer(bytes, change, otherBytes),
        bytesAt(answer, path),
      );
      return withChangedResponse(given, withMember(der.toString('base64'), ...path));
    }
    case 'text': {
      const path = pick(members, mutation.member);
      return withChangedResponse(
        given,
        withMember(mutateText(String(valueAt(answer, path)), mutation.change), ...path),
      );
    }
    case 'json':
      return { ...given, body: mutateText(bodyOf(given), mutation.change) };
    case 'value':
      return withChangedResponse(given, withMember(mutation.value, ...pick(parts, mutation.part)));
    case 'list': {
      const path = pick(parts, mutation.part);
      return withChangedResponse(given, withMember([valueAt(answer, path)], ...path));
    }
    case 'drop':
      return withChangedResponse(given, withoutMember(...pick(parts, mutation.part)));
    case 'rename': {
      const path = pick(parts, mutation.part);
      const renamed = path.with(-1, mutateText(path.at(-1) ?? '', mutation.change));
      return withChangedResponse(given, (response) =>
        withMember(valueAt(response, path), ...renamed)(withoutMember(...path)(response)),
      );
    }
    case 'duplicate':
      return withDuplicateMember(given, pick(parts, mutation.part), mutation.value);
    case 'swap': {
      const [path, otherPath] = [pick(members, mutation.member), pick(members, mutation.with)];
      const [first, second] = [valueAt(answer, path), valueAt(answer, otherPath)];
      return withChangedResponse(given, (response) =>
        withMember(first, ...otherPath)(withMember(second, ...path)(response)),
      );
    }
    case 'splice':
      return withChangedResponse(given, (response) =>
        mutation.parts
          .map((part) => pick(parts, part))
          .reduce((spliced, path) => spliceOf(spliced, others, path), response),
      );
    case 'other':
      return { ...given, body: bodyOf(other) };
    case 'callback':
      return withMutatedCallback(given, mutation);
  }
}

function withChangedResponse(given: AnyExchange, change: <A>(answer: A) => A): AnyExchange {
  return { ...given, body: JSON.stringify(change<unknown>(given.answer)) };
}

/** Changes nothing if the part is missing, or if the other response does not have it. */
function spliceOf<A>(answer: A, others: unknown, path: Path): A {
  const part = valueAt(others, path);
  return part === undefined || valueAt(answer, path) === undefined
    ? answer
    : withMember(part, ...path)(answer);
}

function withDuplicateMember(given: AnyExchange, path: Path, value: fc.JsonValue): AnyExchange {
  const marked = withChangedResponse(given, withMember(value, ...path.with(-1, '@duplicate')));
  return { ...marked, body: bodyOf(marked).replace('"@duplicate"', JSON.stringify(path.at(-1))) };
}

function withMutatedCallback(
  given: AnyExchange,
  { verifier, change }: Extract<AnswerMutation, { answer: 'callback' }>,
): AnyExchange {
  if (given.apiVersion !== '3' || !given.callback) return given;
  const member = verifier ? 'userChallengeVerifier' : 'sessionSecretDigest';
  return { ...given, callback: { ...given.callback, [member]: mutateText(given.callback[member], change) } };
}

function bytesAt(answer: unknown, path: Path): Buffer {
  const text = valueAt(answer, path);
  return Buffer.from(typeof text === 'string' ? text : '', encodingOf(path));
}

function isBytes(path: Path): boolean {
  return ['value', 'serverRandom', 'userChallenge'].includes(path.at(-1) ?? '');
}

function encodingOf(path: Path): 'base64' | 'base64url' {
  return path.at(-1) === 'userChallenge' ? 'base64url' : 'base64';
}

function pick<T>(list: readonly T[], index: number): T {
  const found = list[index % list.length];
  if (found === undefined) throw new RangeError('nothing to pick from');
  return found;
}
