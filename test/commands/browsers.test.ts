import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AuditEvent } from '../../src/audit/events.ts';
import { browsersCommand } from '../../src/commands/browsers.ts';
import { UsageError } from '../../src/commands/usage.ts';

const PERSON = 'PNOEE-40504040001';

const KNOWN = ['one', 'another'].map((id) => ({ id, createdAt: 0, usedAt: 0, expiresAt: 0 }));

describe('sild browsers list', () => {
  it('lists the browsers that know a person, in lines and in JSON, and changes nothing', async () => {
    const at = Date.UTC(2031, 3, 5, 8);
    const DAY = 86_400_000;
    for (const [found, json, expected] of [
      [[], false, /^No browser knows the person\.$/],
      [
        [{ id: 'a-browser', createdAt: at, usedAt: at + DAY, expiresAt: at + 30 * DAY }],
        false,
        /^Known since +Last used +Until\n2031-04-05T08:00:00\.000Z +2031-04-06T08:00:00\.000Z +2031-05-05T08:00:00\.000Z$/,
      ],
      [
        [{ id: 'a-browser', createdAt: at, usedAt: at, expiresAt: at }],
        true,
        /"known_since": "2031-04-05T08:00:00\.000Z"/,
      ],
    ] as const) {
      const lines: string[] = [];
      const never = () => Promise.reject(new Error('nothing is changed'));
      await browsersCommand(['list', PERSON])({
        attempts: { removeConfirmed: never },
        knownBrowsers: {
          listPerson: (person) => Promise.resolve(person === PERSON ? found : []),
          forgetPerson: never,
        },
        records: { list: never, remove: never, removeGrant: never },
        audit: { record: () => assert.fail('nothing is recorded') },
        print: (line) => void lines.push(line),
        json,
      });
      assert.match(lines.join('\n'), expected);
    }
  });
});

describe('sild browsers forget', () => {
  it('makes the browsers of a person unknown, ends their logins, prints their number and records it', async () => {
    const [lines, recorded, forgotten]: [string[], AuditEvent[], string[]] = [[], [], []];
    const removed: string[] = [];
    const status = await browsersCommand(['forget', PERSON])({
      attempts: { removeConfirmed: (person) => Promise.resolve(person === PERSON ? 3 : 0) },
      knownBrowsers: {
        listPerson: () => Promise.resolve(KNOWN),
        forgetPerson(person) {
          forgotten.push(person);
          return Promise.resolve(2);
        },
      },
      records: {
        list: (model) =>
          Promise.resolve([
            { id: 'hers', payload: { accountId: PERSON } },
            { id: 'another’s', payload: { accountId: 'PNOEE-38001085718' } },
            // The account of a client with the claims profile `tara`.
            ...(model === 'HistoryVisit'
              ? []
              : [{ id: 'hers too', payload: { accountId: 'EE40504040001' } }]),
            { id: 'of no person yet', payload: {} },
          ]),
        remove: async (model, id) => void removed.push(`${model} ${id}`),
        removeGrant: async (grantId) => void removed.push(`Grant ${grantId}`),
      },
      audit: { record: (event) => void recorded.push(event) },
      print: (line) => void lines.push(line),
    });
    assert.equal(status, 0);
    assert.deepEqual(forgotten, [PERSON]);
    assert.deepEqual(lines, ['Browsers that no longer know the person: 2', 'Logins that have ended: 5']);
    assert.deepEqual(removed, [
      'Grant hers',
      'Grant hers too',
      'Session hers',
      'Session hers too',
      'HistoryVisit hers',
    ]);
    assert.deepEqual(recorded, [{ event: 'browsers_forgotten', person: PERSON, browsers: 2, logins: 5 }]);
  });

  for (const args of [
    [],
    ['forget'],
    ['forget', '40504040001'],
    ['forget', PERSON, PERSON],
    ['list'],
    ['list', '40504040001'],
    ['show', PERSON],
  ]) {
    it(`refuses “${args.join(' ')}”`, () => {
      assert.throws(() => browsersCommand(args), UsageError);
    });
  }
});
