import type { Environment } from './environment.ts';
import type { Section } from './variable.ts';

/** An unknown variable that seems to be meant for Sild. */
export interface Misspelt {
  readonly variable: string;
  /** The most similar known variable, if any. */
  readonly meant: string | undefined;
}

/** Prefixes that other software is unlikely to use. */
const PREFIXES = /^(?:SMARTID|RATE|TRUST|SIMULATOR|NOTIFICATION|SECRET_KEY|KEY_ROTATION|SAMPLE_APP)_/;
/** Variables of other software that resemble a known one; the first is OpenSSL's, which Node reads too. */
const FOREIGN: readonly string[] = ['SSL_CERT_FILE', 'FTP_PROXY'];
/** Shorter names are too similar to others: HOST to HOME, PORT to PERL. */
const SHORTEST = 6;
/** Names of at least this length may have two wrong letters. */
const LONG = 10;

/** Finds set variables that Sild ignores but that seem to be misspelt names of its own. */
export function misspeltVariables(
  environment: Environment,
  sections: readonly Section[],
): readonly Misspelt[] {
  const known = sections.flatMap(namesOf);
  return Object.keys(environment)
    .filter((variable) => environment[variable] && ![...known, ...FOREIGN].includes(variable))
    .flatMap((variable) => {
      const [nearest] = known
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

/** Edit distance (Levenshtein), where two swapped letters count as one edit. */
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
