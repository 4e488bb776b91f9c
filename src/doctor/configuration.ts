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
