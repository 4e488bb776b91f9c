import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadConfig } from '../../src/config/config.ts';
import { problemsOf } from './problems.ts';

describe('the secret keys of the configuration', () => {
  it('reads a secret from a file', () => {
    const secret = 'secretly'.repeat(5) + '123';
    const config = loadConfig({ SECRET_KEY_FILE: '/run/secrets/key' }, (path) => {
      assert.equal(path, '/run/secrets/key');
      return `${secret}\n`;
    });
    assert.deepEqual(config.secretKeys, [secret]);
    assert.deepEqual(problemsOf({ SECRET_KEY_FILE: '/does/not/exist' }), ['SECRET_KEY_FILE']);
    assert.deepEqual(
      problemsOf({ SECRET_KEY: secret, SECRET_KEY_FILE: '/x' }, () => secret),
      ['SECRET_KEY_FILE'],
    );
  });

  it('refuses a secret file that is empty', () => {
    const empty = { DATABASE_URL: 'postgres://db/sild', SECRET_KEY_FILE: '/run/secrets/key' };
    assert.deepEqual(
      problemsOf(empty, () => '\n'),
      ['SECRET_KEY_FILE'],
    );
  });

  it('reads several secret keys, separated by commas or one a line in the file, in their order', () => {
    const [first, second] = ['12345678'.repeat(4), '23456789'.repeat(4)];
    assert.deepEqual(loadConfig({ SECRET_KEY: `${first}, ${second},` }).secretKeys, [first, second]);
    const inFile = loadConfig({ SECRET_KEY_FILE: '/x' }, () => `\n${first}\r\n${second}\n\n`);
    assert.deepEqual(inFile.secretKeys, [first, second]);
    assert.equal(loadConfig({}).secretKeys, undefined);
  });

  it('refuses a secret key that is too short, in any position', () => {
    const long = '12345678'.repeat(4);
    const short = long.slice(1);
    for (const keys of [short, `${long},${short}`, `${short},${long}`, ',']) {
      assert.deepEqual(problemsOf({ SECRET_KEY: keys }), ['SECRET_KEY'], keys);
    }
  });

  it('refuses a secret key of one letter or of a repeated word', () => {
    for (const key of ['a'.repeat(32), 'secret'.repeat(8)]) {
      assert.deepEqual(problemsOf({ SECRET_KEY: key }), ['SECRET_KEY'], key);
    }
  });

  it('accepts a secret key with a comma only from a file', () => {
    const key = `${'12345678'.repeat(3)},${'23456789'.repeat(3)}`;
    assert.deepEqual(problemsOf({ SECRET_KEY: key }), ['SECRET_KEY']);
    assert.deepEqual(loadConfig({ SECRET_KEY_FILE: '/x' }, () => `${key}\n`).secretKeys, [key]);
  });
});
