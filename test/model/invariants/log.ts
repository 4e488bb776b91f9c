/** Nothing personal and no secret in the log, and no fault of the server. */
import assert from 'node:assert/strict';
import { findSecrets, type Secret } from '../../../e2e/support/log-search.ts';
import type { Facts } from '../facts.ts';
import { PEOPLE } from '../people.ts';
import type { Run } from '../run.ts';

export function checkLog(facts: Facts, { instances }: Run): void {
  for (const { log, faults } of instances) {
    if (faults.isDead()) continue;
    const failed = log.filter(
      ({ event, err }) => (event === 'request_failed' && !isOutage(err)) || event === 'response_broken',
    );
    assert.deepEqual(failed, [], 'no request fails by a fault of the server');
  }
  const lines = instances.flatMap(({ log }) => log);
  assert.deepEqual(findSecrets(lines, secretsOf(facts)), []);
}

/** The log has an outage; the person sees a page that goes on by itself. */
function isOutage(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'type' in error && error.type === 'StoreError';
}

function secretsOf({ logins }: Facts): Secret[] {
  const personal = PEOPLE.flatMap(({ identifier, personalCode, givenName, surname, birthDate }) => [
    { what: 'the identifier', value: identifier },
    { what: 'the personal code', value: personalCode },
    { what: 'the given name', value: givenName },
    { what: 'the surname', value: surname },
    { what: 'the birth date', value: birthDate },
  ]);
  const ofLogins = logins.flatMap(({ codes, tokens, sessions, verifier, path }) => [
    ...[...codes].map((value) => ({ what: 'a code', value })),
    ...tokens.map((value) => ({ what: 'a token', value })),
    ...sessions.map(({ id }) => ({ what: 'a session of Smart-ID', value: id })),
    ...sessions.flatMap(({ returnTo }) =>
      returnTo ? [...returnTo.searchParams.values()].map((value) => ({ what: 'a callback', value })) : [],
    ),
    { what: 'the code verifier', value: verifier },
    ...(path === undefined ? [] : [{ what: 'the address of a login', value: path.slice('/login/'.length) }]),
  ]);
  return [...personal, ...ofLogins];
}
