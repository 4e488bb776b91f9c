import assert from 'node:assert/strict';
import { loadConfig } from '../../src/config/config.ts';
import { ConfigError, type Environment, type Problem } from '../../src/config/environment.ts';

/** The least that a live service needs. */
export const LIVE = {
  ISSUER: 'https://login.example.ee',
  SMARTID_ENVIRONMENT: 'live',
  SMARTID_RP_UUID: '11111111-2222-4333-8444-555555555555',
  SMARTID_RP_NAME: 'Example',
  TRUST_DIR: '/etc/sild/trust',
  SMARTID_TLS_PINS: 'none',
} as const;

/** The variables that are refused. */
export function problemsOf(environment: Environment, readFile?: (path: string) => string): string[] {
  return problemsIn(environment, readFile).map(({ variable }) => variable);
}

/** What is refused, and why. */
export function problemsIn(
  environment: Environment,
  readFile?: (path: string) => string,
): readonly Problem[] {
  try {
    loadConfig(environment, readFile);
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.problems;
  }
}
