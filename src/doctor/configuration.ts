import { ConfigError } from '../config/environment.ts';
import type { Finding } from './finding.ts';

/** What loading a part of the configuration came to: the part, or what is wrong. */
export type Loaded<T> = { readonly value: T; readonly error?: undefined } | { readonly error: ConfigError };

/** @throws whatever `load` throws besides a ConfigError */
export function loaded<T>(load: () => T): Loaded<T> {
  try {
    return { value: load() };
  } catch (error) {
    if (error instanceof ConfigError) return { error };
    throw error;
  }
}

/** Whether the environment as a whole is one to start with. */
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

/** What seems to be meant for Sild and is ignored. */
export function checkIgnored(ignored: readonly string[]): Finding[] {
  return ignored.map((text) => ({ level: 'warning', subject: 'configuration', text }));
}

/** What a part of the configuration that is not right keeps the doctor from looking at. */
export function notExamined(subject: string, { problems }: ConfigError): Finding {
  const variables = new Set(problems.map(({ variable }) => variable));
  return { level: 'warning', subject, text: `not examined, because of ${[...variables].join(', ')}` };
}
