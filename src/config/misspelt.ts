import type { Environment } from './environment.ts';
import type { Section } from './variable.ts';

/** A variable that is taken for one of ours, and is none. */
export interface Misspelt {
  readonly variable: string;
  /** The one of ours that may be meant. */
  readonly meant: string | undefined;
}

/** What nobody else begins a variable with, most likely. */
const PREFIXES = /^(?:SMARTID|RATE|TRUST|SIMULATOR|NOTIFICATION|SECRET_KEY|KEY_ROTATION|SAMPLE_APP)_/;
/** OpenSSL's, and so Node's. */
const OF_OTHERS: readonly string[] = ['SSL_CERT_FILE'];
/** A shorter name of ours is one letter away from too many others: HOST from HOME, PORT from PERL. */
const SHORTEST = 6;
/** From this length on two letters may be wrong. */
const LONG = 10;

/** Variables that are given, and that Sild would ignore though somebody seems to have meant it. */
export function misspeltVariables(
  environment: Environment,
  sections: readonly Section[],
): readonly Misspelt[] {
  const ours = sections.flatMap(namesOf);
  return Object.keys(environment)
    .filter((variable) => environment[variable] && ![...ours, ...OF_OTHERS].includes(variable))
    .flatMap((variable) => {
      const [nearest] = ours
        .map((name) => ({ name, distance: distanceOf(variable, name) }))
        .sort((one, other) => one.distance - other.distance);
      const meant = nearest && isNear(nearest.name, nearest.distance) ? nearest.name : undefined;
      return meant !== undefined || PREFIXES.test(variable) ? [{ variable, meant }] : [];
    });
}

function namesOf(section: Section): string[] {
  return Object.entries(section).flatMap(([name, { meta }]) =>
    meta.secret ? [name, `${name}_FILE`] : [name],
  );
}

function isNear({ length }: string, distance: number): boolean {
  return length >= SHORTEST && distance <= (length >= LONG ? 2 : 1);
}

/** Letters to put in, take out or change (Levenshtein); two that changed places count as one. */
function distanceOf(one: string, other: string): number {
  let [before, row]: [number[], number[]] = [
    [],
    Array.from({ length: other.length + 1 }, (_, column) => column),
  ];
  for (let line = 1; line <= one.length; line += 1) {
    const next = [line];
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[line - 1] === other[column - 1];
      const swapped = line > 1 && one[line - 1] === other[column - 2] && one[line - 2] === other[column - 1];
      next[column] = Math.min(
        at(row, column) + 1,
        at(next, column - 1) + 1,
        at(row, column - 1) + (same ? 0 : 1),
        swapped ? at(before, column - 2) + 1 : Infinity,
      );
    }
    [before, row] = [row, next];
  }
  return at(row, other.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
