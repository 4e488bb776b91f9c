import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { en } from '../../../../src/web/messages/en.ts';
import { headingOf, PERSONAL_CODE, startWeb, textOf, UID, type WebUnderTest } from '../../web-under-test.ts';

const FORM = `/login/${UID}/code`;
const ESTONIAN = { country: 'EE', personal_code: PERSONAL_CODE };

describe('a login for one expected person', () => {
  let web: WebUnderTest;
  afterEach(() => web.close());

  it('shows the country and the last four characters of the code, and no field', async () => {
    web = await startWeb({ expectedPerson: 'PNOLV-030303-10004' });
    const html = await (await web.get(FORM)).text();
    assert.ok(textOf(html).includes(en.login.expected('Latvia', '0004')));
    assert.doesNotMatch(html, /personal_code|<select|10004/);
  });

  it('sends the push to that person, whatever else is posted', async () => {
    for (const fields of [{}, ESTONIAN, { country: 'XX', personal_code: '1' }]) {
      web = await startWeb({ expectedPerson: 'PNOLV-030303-10004' });
      await web.post(FORM, fields);
      assert.deepEqual(
        web.login.begun.map((request) => request.identifier),
        ['PNOLV-030303-10004'],
      );
      await web.close();
    }
    web = await startWeb();
  });

  for (const expectedPerson of ['PASEE-K1234567', 'PNOFI-010101-123A', 'IDCEE-AA1234567']) {
    it(`offers no push to ${expectedPerson}, who has no code that the form accepts`, async () => {
      web = await startWeb({ expectedPerson });
      assert.equal((await web.get(FORM)).status, 403);
      assert.equal((await web.post(FORM, ESTONIAN)).status, 403);
      assert.deepEqual(web.login.begun, []);
      assert.doesNotMatch(await (await web.get(`/login/${UID}`)).text(), /\/code"/);
    });
  }

  it('says to no other person that they are logged in, not even on the page after a form', async () => {
    web = await startWeb({ expectedPerson: 'PNOLV-030303-10004' });
    web.login.answer();
    const answer = await web.get(`/login/${UID}/wait?sent`);
    assert.equal(answer.status, 303);
    assert.equal(web.login.state(), 'failed');
  });

  it('fails for another person, says so, and offers the flows again', async () => {
    web = await startWeb({ expectedPerson: 'PNOLV-030303-10004' });
    web.login.answer();
    const answer = await web.get(`/login/${UID}/wait`);
    assert.deepEqual([answer.status, answer.headers.get('location')], [303, `/login/${UID}/wait`]);
    const html = await (await web.get(`/login/${UID}/wait`)).text();
    assert.equal(headingOf(html), en.outcomes.person_mismatch.heading);
    assert.ok(html.includes(`href="/login/${UID}"`));
    assert.deepEqual(web.completed, []);
    assert.equal(web.login.state(), 'failed');
  });
});
