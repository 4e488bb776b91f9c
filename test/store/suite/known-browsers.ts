import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import type { Store } from '../../../src/store/store.ts';
import type { TestClock } from './clock.ts';

const PERSON = 'PNOEE-40504040001';
const ACCOUNT = `${PERSON}-MOCK-Q`;

export function knownBrowserSuite(store: () => Store, clock: TestClock): void {
  describe('known browsers', () => {
    const inTwentySeconds = () => clock.now() + 20_000;

    it('return the account of a known person until it expires', async () => {
      const token = randomUUID();
      await store().knownBrowsers.remember(token, PERSON, ACCOUNT, inTwentySeconds());
      assert.deepEqual(await store().knownBrowsers.find(token, PERSON), { documentNumber: ACCOUNT });
      assert.equal(await store().knownBrowsers.knows(token), true);
      clock.advance(19_999);
      assert.equal(await store().knownBrowsers.knows(token), true);
      clock.advance(1);
      assert.equal(await store().knownBrowsers.find(token, PERSON), undefined);
      assert.equal(await store().knownBrowsers.knows(token), false);
    });

    it('return nothing for another person or another browser', async () => {
      const token = randomUUID();
      await store().knownBrowsers.remember(token, PERSON, ACCOUNT, inTwentySeconds());
      assert.equal(await store().knownBrowsers.find(token, 'PNOEE-50001029996'), undefined);
      assert.equal(await store().knownBrowsers.find(randomUUID(), PERSON), undefined);
      assert.equal(await store().knownBrowsers.knows(randomUUID()), false);
    });

    it('refresh an entry when the person logs in again', async () => {
      const token = randomUUID();
      const newer = `${PERSON}-NEWR-Q`;
      await store().knownBrowsers.remember(token, PERSON, ACCOUNT, inTwentySeconds());
      await store().knownBrowsers.remember(token, PERSON, newer, clock.now() + 40_000);
      clock.advance(30_000);
      assert.deepEqual(await store().knownBrowsers.find(token, PERSON), { documentNumber: newer });
    });

    it('keep the later end when a person logs in again for a shorter time', async () => {
      const token = randomUUID();
      await store().knownBrowsers.remember(token, PERSON, ACCOUNT, clock.now() + 40_000);
      await store().knownBrowsers.remember(token, PERSON, ACCOUNT, inTwentySeconds());
      clock.advance(30_000);
      assert.ok(await store().knownBrowsers.find(token, PERSON));
    });

    it('forget one person in all browsers, and no other person', async () => {
      const tokens = [randomUUID(), randomUUID()];
      const [person, other] = [`PNOEE-${randomUUID().slice(0, 8)}`, 'PNOEE-50001029996'];
      for (const token of tokens) {
        await store().knownBrowsers.remember(token, person, `${person}-MOCK-Q`, inTwentySeconds());
        await store().knownBrowsers.remember(token, other, `${other}-MOCK-Q`, inTwentySeconds());
      }
      const known = await store().knownBrowsers.listPerson(person);
      assert.equal(known.length, 2);
      for (const { createdAt, usedAt, expiresAt } of known) {
        assert.ok(createdAt <= usedAt && usedAt < expiresAt);
      }
      assert.equal(await store().knownBrowsers.forgetPerson(person), 2);
      assert.deepEqual(await store().knownBrowsers.listPerson(person), []);
      assert.equal(await store().knownBrowsers.forgetPerson(person), 0);
      for (const token of tokens) {
        assert.equal(await store().knownBrowsers.find(token, person), undefined);
        assert.ok(await store().knownBrowsers.find(token, other));
      }
    });

    it('are forgotten one by one, only for this person', async () => {
      const { knownBrowsers } = store();
      const [person, other, token] = ['PNOEE-38001085718', 'PNOEE-60001017869', randomUUID()];
      for (const each of [person, other])
        for (const browser of [token, randomUUID()])
          await knownBrowsers.remember(browser, each, `${each}-MOCK-Q`, inTwentySeconds());
      const id = (await knownBrowsers.listPerson(person)).find((each) =>
        knownBrowsers.isToken(token, each.id),
      )?.id;
      assert.ok(id !== undefined && id !== token);
      assert.equal(await knownBrowsers.forgetPersonIn(person, 'another'), false);
      assert.equal(await knownBrowsers.forgetPersonIn(person, id), true);
      assert.equal(await knownBrowsers.forgetPersonIn(person, id), false);
      assert.equal(await knownBrowsers.find(token, person), undefined);
      assert.ok(await knownBrowsers.find(token, other));
      assert.equal((await knownBrowsers.listPerson(person)).length, 1);
      await knownBrowsers.forgetPerson(person);
      await knownBrowsers.forgetPerson(other);
    });

    it('are stored by many calls at once', async () => {
      const token = randomUUID();
      const expiresAt = inTwentySeconds();
      await Promise.all(
        Array.from({ length: 8 }, () => store().knownBrowsers.remember(token, PERSON, ACCOUNT, expiresAt)),
      );
      assert.deepEqual(await store().knownBrowsers.find(token, PERSON), { documentNumber: ACCOUNT });
    });

    it('forget all people of a browser, but not those of another browser', async () => {
      const [token, other] = [randomUUID(), randomUUID()];
      const people = [PERSON, 'PNOEE-50001029996'];
      for (const person of people) {
        await store().knownBrowsers.remember(token, person, `${person}-MOCK-Q`, inTwentySeconds());
        await store().knownBrowsers.remember(other, person, `${person}-MOCK-Q`, inTwentySeconds());
      }
      await store().knownBrowsers.forget(token);
      for (const person of people) {
        assert.equal(await store().knownBrowsers.find(token, person), undefined);
        assert.ok(await store().knownBrowsers.find(other, person));
      }
    });
  });
}
