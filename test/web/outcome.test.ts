import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { FailureCode } from '../../src/smart-id/outcome.ts';
import { en } from '../../src/web/messages/en.ts';
import { headingOf, startWeb, textOf, UID, type WebUnderTest } from './web-under-test.ts';

const CODES = Object.keys(en.outcomes) as FailureCode[];
const OPERATORS: readonly FailureCode[] = [
  'request_malformed',
  'relying_party_not_allowed',
  'client_too_old',
];

describe('outcome page', () => {
  let web: WebUnderTest;
  before(async () => {
    web = await startWeb();
  });
  after(() => web.close());
  const outcome = async (code: FailureCode) => {
    web.login.fail(code);
    return (await web.get(`/login/${UID}/wait`)).text();
  };

  for (const code of CODES) {
    it(`says for ${code} what happened, how to try again and the way back`, async () => {
      const html = await outcome(code);
      const { heading, paragraphs, retry } = en.outcomes[code];
      assert.equal(headingOf(html), heading);
      for (const paragraph of paragraphs) assert.ok(textOf(html).includes(paragraph));
      assert.match(html, new RegExp(`<a class="(primary|secondary)" href="/login/${UID}">${retry}</a>`));
      assert.match(
        html,
        new RegExp(
          `<form method="post" action="/login/${UID}/cancel"><button class="plain">Back to Sample app`,
        ),
      );
      assert.ok(!html.includes('detail for the log'));
    });
  }

  it('tells the owner of a Basic account, word for word, and leads to Smart-ID’s help first', async () => {
    const html = await outcome('account_not_suitable');
    assert.ok(
      html.includes(
        'You are using a Smart-ID Basic account. This account has limited access: you can use it for online banking, but won’t be able to log in to other e-services, sign documents etc. Please upgrade your Smart-ID account. You should create a new account electronically using your ID-card, Mobile-ID (in Lithuania) or by visiting bank office.',
      ),
    );
    assert.match(
      html,
      /<a class="primary" href="https:\/\/www\.smart-id\.com\/help\/" target="_blank" rel="noopener noreferrer">How to upgrade/,
    );
    assert.ok(textOf(html).includes('Try again with another account'));
  });

  it('shows the number of the attempt where the operator must look', async () => {
    for (const code of OPERATORS) {
      const html = await outcome(code);
      assert.ok(html.includes('<code>f0a3c1de-0000-4000-8000-000000000001</code>'));
      assert.equal(headingOf(html), headingOf(await outcome('request_malformed')));
    }
    assert.ok(!(await outcome('user_refused')).includes('f0a3c1de'));
  });

  it('warns of somebody else after a wrong verification code', async () => {
    assert.match(textOf(await outcome('wrong_verification_code')), /somebody else/);
  });
});
