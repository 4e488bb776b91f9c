import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { curlOf } from '../../src/playground/curl.ts';

/** What a shell makes of a command, a word an element. */
const words = (command: string) =>
  execFileSync('sh', ['-c', `set -- ${command}; printf '%s\\0' "$@"`], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);

describe('a curl command', () => {
  it('sends method, headers and body as they were, with any quotes in them', () => {
    const command = curlOf({
      method: 'POST',
      url: "http://localhost/token?a='$(touch /tmp/x)'",
      headers: [
        ['authorization', 'Basic abc'],
        ['content-type', 'application/x-www-form-urlencoded'],
        ['dpop', "it's"],
      ],
      body: 'grant_type=authorization_code&code=%27x',
      status: 200,
      answer: '',
    });
    assert.deepEqual(words(command), [
      'curl',
      "http://localhost/token?a='$(touch /tmp/x)'",
      '-H',
      'authorization: Basic abc',
      '-H',
      "dpop: it's",
      '-d',
      'grant_type=authorization_code',
      '-d',
      'code=%27x',
    ]);
  });

  it('is a GET without a body', () => {
    const exchange = { method: 'GET', url: 'http://localhost/', headers: [], body: undefined };
    assert.deepEqual(words(curlOf({ ...exchange, status: 200, answer: '' })), ['curl', 'http://localhost/']);
  });
});
