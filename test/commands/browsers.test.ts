import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AuditEvent } from '../../src/audit/events.ts';
import { browsersCommand } from '../../src/commands/browsers.ts';
import { UsageError } from '../../src/commands/usage.ts';

const PERSON = 'PNOEE-40504040001';

describe('sild browsers forget', () => {
  it('makes the browsers of a person unknown, ends their logins, prints their number and records it', async () => {
    const [lines, recorded, forgotten]: [string[], AuditEvent[], string[]] = [[], [], []];
    const removed: string[] = [];
    const status = await browsersCommand(['forget', PERSON])({
      knownBrowsers: {
        forgetPerson(person) {
          forgotten.push(person);
          return Promise.resolve(2);
        },
      },
      records: {
        list: () =>
          Promise.resolve([
            { id: 'hers', payload: { accountId: PERSON, authorizations: { client: { grantId: 'grant' } } } },
            { id: 'another’s', payload: { accountId: 'PNOEE-38001085718' } },
            // The account of a client with the claims profile `tara`.
            { id: 'hers too', payload: { accountId: 'EE40504040001' } },
            { id: 'of nobody yet', payload: {} },
          ]),
        remove: async (model, id) => void removed.push(`${model} ${id}`),
        removeGrant: async (grantId) => void removed.push(grantId),
      },
      audit: { record: (event) => void recorded.push(event) },
      print: (line) => void lines.push(line),
    });
    assert.equal(status, 0);
    assert.deepEqual(forgotten, [PERSON]);
    assert.deepEqual(lines, ['Browsers that no longer know the person: 2', 'Logins that have ended: 2']);
    assert.deepEqual(removed, ['Session hers', 'grant', 'Session hers too']);
    assert.deepEqual(recorded, [{ event: 'browsers_forgotten', person: PERSON, browsers: 2, logins: 2 }]);
  });

  for (const args of [[], ['forget'], ['forget', '40504040001'], ['forget', PERSON, PERSON], ['list']]) {
    it(`refuses “${args.join(' ')}”`, () => {
      assert.throws(() => browsersCommand(args), UsageError);
    });
  }
});
