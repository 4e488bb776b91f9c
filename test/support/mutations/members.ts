import type { ExchangeV2 } from '../answers/authentication-responses-v2.ts';
import type { Exchange } from '../answers/authentication-responses.ts';

type Path = readonly string[];
export type AnyExchange = Exchange | ExchangeV2;

const PARAMETERS = ['signature', 'signatureAlgorithmParameters'] as const;
const MASK = [...PARAMETERS, 'maskGenAlgorithm'] as const;

/** Every member on which verification relies: with another value, the response has another meaning. */
const MEMBERS: Readonly<Record<AnyExchange['apiVersion'], readonly Path[]>> = {
  '3': [
    ['state'],
    ['result', 'endResult'],
    ['result', 'documentNumber'],
    ['signatureProtocol'],
    ['signature', 'value'],
    ['signature', 'serverRandom'],
    ['signature', 'userChallenge'],
    ['signature', 'flowType'],
    ['signature', 'signatureAlgorithm'],
    [...PARAMETERS, 'hashAlgorithm'],
    [...MASK, 'algorithm'],
    [...MASK, 'parameters', 'hashAlgorithm'],
    [...PARAMETERS, 'saltLength'],
    [...PARAMETERS, 'trailerField'],
    ['cert', 'value'],
    ['cert', 'certificateLevel'],
    ['interactionTypeUsed'],
  ],
  '2': [
    ['state'],
    ['result', 'endResult'],
    ['result', 'documentNumber'],
    ['signature', 'value'],
    ['signature', 'algorithm'],
    ['cert', 'value'],
    ['cert', 'certificateLevel'],
    ['interactionFlowUsed'],
  ],
};

export function membersOf({ apiVersion }: AnyExchange): readonly Path[] {
  return MEMBERS[apiVersion];
}

/** The members and their parent objects. */
export function partsOf(given: AnyExchange): readonly Path[] {
  const paths = membersOf(given).flatMap((path) => path.map((_, index) => path.slice(0, index + 1)));
  return [...new Map(paths.map((path) => [path.join('.'), path])).values()];
}

/**
 * The meaning of a response: the values of the members on which verification relies, and the callback's values. Two
 * responses with the same meaning differ only in their serialisation or in unused members.
 */
export function meaningOf(given: AnyExchange): string {
  const callback = given.apiVersion === '3' ? given.callback : undefined;
  return JSON.stringify([valuesOf(given), callback]);
}

function valuesOf(given: AnyExchange): unknown {
  let answer: unknown;
  try {
    answer = JSON.parse(bodyOf(given));
  } catch {
    return 'not JSON';
  }
  return membersOf(given).map((path) => {
    const value = valueAt(answer, path);
    return value === undefined ? 'absent' : [value];
  });
}

export function bodyOf({ body, answer }: AnyExchange): string {
  return body ?? JSON.stringify(answer);
}

export function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (parent, key) => (isObject(parent) && Object.hasOwn(parent, key) ? parent[key] : undefined),
    root,
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
