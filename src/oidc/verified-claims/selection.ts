/**
 * Selects from a statement what a request names, and holds it against the request's constraints.
 *
 *   request:   { "trust_framework": { "value": "eidas" }, "time": { "max_age": 60 }, "evidence": [{ "type": { "value": … } }] }
 *   statement: { "trust_framework": "eidas", "time": "…", "evidence": [ … ], … }
 *
 * An element that is not requested is left out, except those that its parent is not valid without. (OpenID Connect for
 * Identity Assurance 1.0, Requesting verified claims: Defining further constraints; Returning less data than requested)
 */
import { isDeepStrictEqual } from 'node:util';

export type Json = string | number | boolean | readonly Json[] | { readonly [name: string]: Json };

/** The data that is there does not meet a constraint. */
export class UnmetConstraint extends Error {}

/** The members that an object is not valid without, by the name of the member or list in which it is. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  verification: ['trust_framework'],
  evidence: ['type'],
  check_details: ['check_method'],
  record: ['type'],
};

/**
 * @param name of the element in its parent
 * @param now seconds since the epoch
 * @returns undefined for an element of which nothing is selected
 * @throws {UnmetConstraint}
 */
export function select(name: string, stated: Json, requested: unknown, now: number): Json | undefined {
  if (isList(stated)) return selectOfList(name, stated, requested, now);
  if (typeof stated !== 'object') return selectValue(stated, requested, now);
  if (requested === null) return stated;
  if (!isObject(requested)) throw new UnmetConstraint();
  return selectMembers(name, stated, requested, now);
}

function selectMembers(
  name: string,
  stated: Readonly<Record<string, Json>>,
  requested: Readonly<Record<string, unknown>>,
  now: number,
): Json | undefined {
  const required = Object.fromEntries((REQUIRED[name] ?? []).map((member) => [member, null]));
  const members = Object.entries({ ...required, ...requested }).flatMap(([member, request]) => {
    const value = Object.hasOwn(stated, member) ? stated[member] : undefined;
    if (value === undefined) {
      if (isConstrained(request)) throw new UnmetConstraint();
      return [];
    }
    const selected = select(member, value, request, now);
    return selected === undefined ? [] : [[member, selected] as const];
  });
  return members.length === 0 ? undefined : Object.fromEntries(members);
}

/** The members of a request's list are alternatives: each selects the members of the statement's list that meet it. */
function selectOfList(
  name: string,
  stated: readonly Json[],
  requested: unknown,
  now: number,
): Json | undefined {
  if (requested === null) return stated;
  const alternatives = Array.isArray(requested) ? (requested as readonly unknown[]) : [requested];
  const selected = stated.flatMap((each) => {
    const match = alternatives
      .map((alternative) => ifMet(() => select(name, each, alternative, now)))
      .find((result) => result !== undefined);
    return match === undefined ? [] : [match];
  });
  if (selected.length === 0) throw new UnmetConstraint();
  return selected;
}

function selectValue(stated: string | number | boolean, requested: unknown, now: number): Json {
  if (requested === null) return stated;
  if (!isObject(requested)) throw new UnmetConstraint();
  const { value, values, max_age: maxAge } = requested;
  if (value !== undefined && !isDeepStrictEqual(value, stated)) throw new UnmetConstraint();
  if (values !== undefined && !(Array.isArray(values) && values.includes(stated)))
    throw new UnmetConstraint();
  if (maxAge !== undefined && !(typeof maxAge === 'number' && ageOf(stated, now) <= maxAge)) {
    throw new UnmetConstraint();
  }
  return stated;
}

/** Seconds since a time, or since the last second of a date; not a number for anything else. */
function ageOf(stated: string | number | boolean, now: number): number {
  if (typeof stated !== 'string') return NaN;
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(stated);
  return now - Date.parse(isDate ? `${stated}T23:59:59Z` : stated) / 1000;
}

/** Whether a request has a constraint, on the element itself or on something in it: then a missing element does not meet it. */
function isConstrained(requested: unknown): boolean {
  if (Array.isArray(requested)) return requested.some(isConstrained);
  if (!isObject(requested)) return false;
  const { value, values, max_age: maxAge, ...members } = requested;
  return (
    [value, values, maxAge].some((each) => each !== undefined) || Object.values(members).some(isConstrained)
  );
}

/** @returns undefined where a constraint is not met */
export function ifMet<T>(selection: () => T): T | undefined {
  try {
    return selection();
  } catch (error) {
    if (error instanceof UnmetConstraint) return undefined;
    throw error;
  }
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
