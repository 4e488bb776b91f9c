import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { z } from 'zod';
import { CLIENT_METADATA, clientSchema, clientSecret } from '../src/oidc/clients/client-schema.ts';
import { inWords, problemText } from '../src/schema-problems.ts';

function problemsWith(schema: z.ZodType, value: unknown): readonly string[] {
  const parsed = schema.safeParse(value, inWords);
  return parsed.success ? [] : problemText(parsed.error).split('\n');
}

const CLIENT = { client_id: 'portal', redirect_uris: ['https://portal.example.ee/callback'] };

describe('the problems of a refused value', () => {
  for (const [metadata, expected] of [
    [{ client_name: 5 }, 'client_name must be a text'],
    [{ client_name: '' }, 'client_name must not be empty'],
    [{ client_name: 'n'.repeat(101) }, 'client_name must have at most 100 characters'],
    [{ redirect_uris: 'https://portal.example.ee/callback' }, 'redirect_uris must be a list'],
    [{ redirect_uris: [5] }, 'redirect_uris[0] must be a text'],
    [{ require_pkce: 'yes' }, 'require_pkce must be true or false'],
    [{ default_max_age: 'day' }, 'default_max_age must be a number'],
    [{ default_max_age: 1.5 }, 'default_max_age must be a whole number'],
    [{ default_max_age: -1 }, 'default_max_age must be at least 0'],
    [{ application_type: 'spa' }, 'application_type must be one of web, native'],
    [{ countries: [] }, 'countries must have at least 1'],
    [{ jwks: [] }, 'jwks must be a mapping of names to values'],
    [{ services: [{ id: 'library' }] }, 'services[0].name is missing'],
    [{ colour: 'red' }, 'colour is unknown'],
    [{ services: [{ id: 'library', name: 'Library', colour: 'red' }] }, 'services[0].colour is unknown'],
  ] as const) {
    it(`are told as: ${expected}`, () => {
      assert.deepEqual(problemsWith(clientSchema, { ...CLIENT, ...metadata }), [expected]);
    });
  }

  it('have our words for every value of every member of a client', () => {
    const wrong = [5, -1, 1.5, 1e300, true, '', 'x'.repeat(10_000), null, [], [5], [''], {}, { keys: [{}] }];
    const problems = CLIENT_METADATA.flatMap((name) =>
      wrong.flatMap((value) => problemsWith(clientSchema, { ...CLIENT, [name]: value })),
    );
    assert.ok(problems.length > CLIENT_METADATA.length * 5);
    for (const problem of problems)
      assert.doesNotMatch(problem, /Invalid|Too (?:big|small)|expected|undefined|not valid|another type|>=/);
  });

  it('do not quote a secret', () => {
    assert.deepEqual(problemsWith(clientSecret, 'hunter2'), ['must have at least 16 characters']);
    assert.deepEqual(problemsWith(clientSecret, `sha256:${'ab'.repeat(32)}`), [
      'must not begin with sha256:',
    ]);
  });
});
