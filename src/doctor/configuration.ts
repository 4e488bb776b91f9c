import { ConfigError } from '../config/environment.ts';
import type { Finding } from './finding.ts';

/** The result of loading a part of the configuration. */
export type Loaded<T> = { readonly value: T; readonly error?: undefined } | { readonly error: ConfigError };

/** @throws errors of `load` other than a ConfigError */
export function loaded<T>(load: () => T): Loaded<T> {
  try {
    return { value: load() };
  } catch (error) {
    if (error instanceof ConfigError) return { error };
    throw error;
  }
}

/** Checks whether Sild can start with the environment. */
export function checkConfiguration(config: Loaded<{ readonly issuer: string }>): Finding[] {
  if (config.error === undefined) {
    return [{ level: 'ok', subject: 'configuration', text: `the issuer is ${config.value.issuer}` }];
  }
  return config.error.problems.map(({ variable, message }) => ({
    level: 'problem',
    subject: 'configuration',
    text: `${variable} ${message}`,
  }));
}

/** Reports ignored variables that seem to be meant for Sild. */
export function checkIgnored(ignored: readonly string[]): Finding[] {
  return ignored.map((text) => ({ level: 'warning', subject: 'configuration', text }));
}

/** Reports a check that is skipped because its part of the configuration is invalid. */
export function notExamined(subject: string, { problems }: ConfigError): Finding {
  const variables = new Set(problems.map(({ variable }) => variable));
  return { level: 'warning', subject, text: `not examined, because of ${[...variables].join(', ')}` };
}
