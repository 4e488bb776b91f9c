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

  for (const [expectedPerson, text] of [
    ['PASEE-K1234567', en.login.expectedDocument('Estonia', '4567')],
    ['PASLT-AB123', en.login.expectedDocument('Lithuania', '23')],
    // Of no real person: the sentence needs an end.
    ['PASFR-1', en.login.expectedDocument('France', '1')],
    ['IDCUA-47101010033', en.login.expectedDocument('Ukraine', '0033')],
    ['PNOFI-010101-123A', en.login.expected('Finland', '123A')],
  ] as const) {
    for (const flows of [['qr', 'web2app', 'notification'], ['notification']] as const) {
      it(`sends the push to ${expectedPerson}, for whom the form has no country, also with ${flows.join()}`, async () => {
        web = await startWeb({ expectedPerson, offered: { flows } });
        const html = await (await web.get(FORM)).text();
        assert.ok(textOf(html).includes(text), textOf(html));
        assert.doesNotMatch(html, /personal_code|<select/);
        await web.post(FORM, ESTONIAN);
        assert.deepEqual(
          web.login.begun.map((request) => request.identifier),
          [expectedPerson],
        );
      });
    }
  }

  it('leads back to the client where the client does not accept the country of that person', async () => {
    for (const flows of [['qr', 'web2app', 'notification'], ['notification']] as const) {
      web = await startWeb({
        expectedPerson: 'PNOFI-010101-123A',
        allowedCountries: ['EE', 'LV'],
        offered: { flows },
      });
      for (const answer of [
        await web.get(`/login/${UID}`),
        await web.get(FORM),
        await web.post(FORM, ESTONIAN),
        await web.post(`/login/${UID}/device-link`, { show: 'qr' }),
      ]) {
        const html = await answer.text();
        assert.equal(answer.status, 403);
        assert.equal(headingOf(html), en.notices.personNotAccepted.heading);
        assert.ok(html.includes(`action="/login/${UID}/cancel"`));
        assert.doesNotMatch(html, /123A|\/code"|device-link"/);
      }
      assert.deepEqual(web.login.begun, []);
      await web.close();
    }
    web = await startWeb();
  });

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
