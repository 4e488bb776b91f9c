import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { forgetBrowsers } from '../../../src/web/history/forget-browsers.ts';

const PERSON = 'PNOEE-40504040001';
const VISIT = { id: 'visit', person: PERSON };
const ofPerson = { payload: { accountId: PERSON } };
const AWAY = new Error('the database is away');
const TIMES = { createdAt: 0, usedAt: 0, expiresAt: 1 };

/** Stores that do what they are told and lose their answer once. */
function losingAnswers() {
  const browsers = new Set(['laptop', 'phone']);
  const records = new Map([
    ['Session', new Set(['session'])],
    ['Grant', new Set(['grant'])],
    ['HistoryVisit', new Set(['visit', 'visit elsewhere'])],
  ]);
  const lost = new Set<string>();
  const losing = async <T>(call: string, value: T): Promise<T> => {
    if (lost.has(call)) return value;
    lost.add(call);
    throw AWAY;
  };
  const forget = (id: string) => browsers.delete(id);
  const confirmed = new Set(['confirmed']);
  return {
    attempts: {
      removeConfirmed: () =>
        losing('removeConfirmed', [...confirmed].filter((id) => confirmed.delete(id)).length),
    },
    left: () => [...confirmed, ...browsers, ...[...records.values()].flatMap((ids) => [...ids])],
    knownBrowsers: {
      listPerson: () =>
        losing(
          'listPerson',
          [...browsers].map((id) => ({ id, ...TIMES })),
        ),
      forgetPersonIn: (_person: string, id: string) => losing('forgetPersonIn', forget(id)),
      forgetPerson: () => losing('forgetPerson', [...browsers].filter(forget).length),
    },
    records: {
      list: (model: string) =>
        losing(
          `list ${model}`,
          [...(records.get(model) ?? [])].map((id) => ({ id, ...ofPerson })),
        ),
      async remove(model: string, id: string) {
        records.get(model)?.delete(id);
        await losing(`remove ${model}`, undefined);
      },
      async removeGrant(id: string) {
        records.get('Grant')?.delete(id);
        await losing('removeGrant', undefined);
      },
    },
    isOutage: (error: unknown) => error === AWAY,
  };
}

describe('forgetting browsers while the database loses its answers', () => {
  it('counts the one that was forgotten', async () => {
    const stores = losingAnswers();
    assert.deepEqual(await forgetBrowsers(stores, VISIT, 'phone'), { browsers: 1, logins: 0 });
    assert.deepEqual(stores.left(), ['confirmed', 'laptop', 'session', 'grant', 'visit', 'visit elsewhere']);
    assert.deepEqual(await forgetBrowsers(stores, VISIT, 'phone'), { browsers: 0, logins: 0 });
  });

  it('counts all of them, and the logins, and ends all visits but this one', async () => {
    const stores = losingAnswers();
    assert.deepEqual(await forgetBrowsers(stores, VISIT, 'all'), { browsers: 2, logins: 1 });
    assert.deepEqual(stores.left(), ['visit']);
  });

  it('fails with any other error', async () => {
    const stores = { ...losingAnswers(), isOutage: () => false };
    await assert.rejects(forgetBrowsers(stores, VISIT, 'phone'), AWAY);
  });
});
