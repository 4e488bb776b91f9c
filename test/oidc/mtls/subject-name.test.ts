import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readSubjectName } from '../../../src/oidc/mtls/subject-name.ts';

const CN = '2.5.4.3';
const O = '2.5.4.10';

describe('a distinguished name', () => {
  for (const [text, expected] of [
    ['CN=client', [[CN, 'client']]],
    [
      'cn=client, O=Example',
      [
        [CN, 'client'],
        [O, 'Example'],
      ],
    ],
    ['2.5.4.3=client', [[CN, 'client']]],
    [
      'O=Example\\, Ltd,CN=a',
      [
        [O, 'Example, Ltd'],
        [CN, 'a'],
      ],
    ],
    ['O=Example\\2C Ltd', [[O, 'Example, Ltd']]],
    [
      'O=a\\\\,CN=b',
      [
        [O, 'a\\'],
        [CN, 'b'],
      ],
    ],
    ['O=P\\C3\\A4rnu', [[O, 'Pärnu']]],
    ['O=Pärnu', [[O, 'Pärnu']]],
  ] as const) {
    it(`is read: ${text}`, () => {
      const read = readSubjectName(text)?.map(({ type, value }) => [type, value]);
      assert.deepEqual(read, expected);
    });
  }

  for (const text of [
    '',
    'client',
    'CN=',
    'XX=a',
    'CN=a+O=b',
    'CN=a,',
    ',CN=a',
    'CN=a,,O=b',
    'CN="a"',
    '/CN=a/O=b',
    'CN=a\\',
  ]) {
    it(`is not read: ${JSON.stringify(text)}`, () => {
      assert.equal(readSubjectName(text), undefined);
    });
  }
});
