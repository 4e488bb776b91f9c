import { readFileSync } from 'node:fs';
import { invisibleIn } from '../invisible-characters.ts';
import { systemReason } from '../system-reason.ts';
import type { Section, SectionValues } from './variable.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Problem {
  readonly variable: string;
  readonly message: string;
}

/** The environment is invalid; `problems` has all reasons. */
export class ConfigError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(({ variable, message }) => `${variable}: ${message}`).join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** Reads sections of an environment, and collects its problems. */
export interface EnvironmentReader {
  /** The section's values, without the invalid ones: call `requireNoProblem` before using them. */
  section<S extends Section>(section: S): SectionValues<S>;
  /** Whether a variable or its `_FILE` variant is set. */
  readonly isGiven: (name: string) => boolean;
  readonly refuse: (variable: string, message: string) => void;
  /** @throws {ConfigError} with all collected problems */
  requireNoProblem(): void;
}

export function createEnvironmentReader(
  untrimmed: Environment,
  readFile = (path: string) => readFileSync(path, 'utf8'),
): EnvironmentReader {
  // Spaces around a value come from files and copying, and each parser would treat them differently.
  const environment: Environment = Object.fromEntries(
    Object.entries(untrimmed).map(([name, text]) => [name, text?.trim()]),
  );
  const problems: Problem[] = [];
  const refuse = (variable: string, message: string) => void problems.push({ variable, message });
  return {
    section<S extends Section>(section: S) {
      const values: Record<string, unknown> = {};
      for (const [name, { schema, meta }] of Object.entries(section)) {
        const text = meta.secret ? secretText(name) : environment[name];
        // An empty variable is an unset one: compose files and unit files write `NAME=` for "not set".
        const given = text === '' ? undefined : text;
        const result = schema.safeParse(meta.list ? valuesIn(given, environment[name] ? ',' : '\n') : given);
        if (result.success) values[name] = result.data;
        else
          refuse(
            name,
            causeIn(meta.secret ? undefined : text) ?? result.error.issues[0]?.message ?? 'is not valid',
          );
      }
      return values as SectionValues<S>;
    },
    isGiven: (name) => Boolean(environment[name]) || Boolean(environment[`${name}_FILE`]),
    refuse,
    requireNoProblem() {
      if (problems.length > 0) throw new ConfigError(problems);
    },
  };

  function secretText(name: string): string | undefined {
    const fileVariable = `${name}_FILE`;
    const path = environment[fileVariable];
    if (path === undefined || path === '') return environment[name];
    if (environment[name]) {
      refuse(fileVariable, `give either ${name} or ${fileVariable}, not both`);
      return undefined;
    }
    try {
      const text = readFile(path).trim();
      if (text === '') refuse(fileVariable, 'the file is empty');
      return text;
    } catch (error) {
      refuse(fileVariable, `cannot read the file (${systemReason(error)})`);
      return undefined;
    }
  }
}

/** Of a value that is not valid, and whose reader would not see why. */
function causeIn(text = ''): string | undefined {
  const found = invisibleIn(text);
  return found === undefined ? undefined : `has an invisible character, ${found}: remove it`;
}

/** The values of a list variable. In a file they are separated by lines, so that a value may contain a comma. */
function valuesIn(text: string | undefined, separator: ',' | '\n'): readonly string[] | undefined {
  return text?.split(separator).flatMap((value) => value.trim() || []);
}
