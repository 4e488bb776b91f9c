import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { callbackAddress, userChallengeOf } from '../../../src/simulator/accounts/callback.ts';
import {
  assertReturned,
  assertSigned,
  CALLBACK,
  certificateOf,
  CONFIRMATION,
  createDeviceLinkSession,
  createSession,
  type DeviceLinkSession,
  linkOf,
  startTestSimulator,
  status,
  TEXT,
} from '../relying-party.ts';

const PERSON = 'PNOEE-47101010033';

describe('a device link on the virtual phone', async () => {
  const simulator = await startTestSimulator();
  const at = (path: string) => new URL(path, simulator.phoneUrl);
  const text = async (path: string) => await (await fetch(at(path))).text();
  /** Opens a link as a browser would, and returns the path of the request. */
  const open = async (link: string) => {
    const response = await fetch(link, { redirect: 'manual' });
    assert.equal(response.status, 303);
    return response.headers.get('location') ?? '';
  };
  const press = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(at(path), { method: 'POST', headers, body: new URLSearchParams(fields), redirect: 'manual' });
  const cancel = (path: string) => press(path, { action: 'cancel' });
  const begin = async (changes: Parameters<typeof createDeviceLinkSession>[1] = {}, type = 'QR') => {
    const session = await createDeviceLinkSession(simulator, changes);
    return { session, path: await open(linkOf(session, type)) };
  };
  const result = async ({ sessionID }: DeviceLinkSession) => (await status(simulator, sessionID)).result;

  it('asks for the account, then for PIN1, and logs in by QR code', async () => {
    const { session, path } = await begin();
    const who = await text(path);
    assert.match(who, /<h2[^>]*>DEMO<\/h2>/);
    assert.ok(who.includes(TEXT) && who.includes(`name="account" value="${PERSON}"`));
    assert.doesNotMatch(who, /name="pin"/);
    const chosen = await press(path, { account: PERSON });
    assert.deepEqual([chosen.status, chosen.headers.get('location')], [303, path]);
    const pin = await text(path);
    assert.match(pin, /name="pin"/);
    assert.doesNotMatch(pin, /class="code"/, 'there is no verification code');
    const confirmed = await press(path, { action: 'confirm', pin: '1234' });
    assert.deepEqual([confirmed.status, confirmed.headers.get('location')], [303, path]);
    assert.match(await text(path), /Confirmed/);
    const completed = await status(simulator, session.sessionID);
    assert.deepEqual(completed.result, { endResult: 'OK', documentNumber: `${PERSON}-DEMO-Q` });
    assertSigned(simulator, session.body, completed, 'sha512', { flowType: 'QR', initialCallbackUrl: '' });
    assert.match(certificateOf(completed).subject, new RegExp(`serialNumber=${PERSON}`));
  });

  it('redirects to the callback with its proofs after Web2App, also if Confirm is pressed twice', async () => {
    for (const initialCallbackUrl of [CALLBACK, 'http://localhost:3000/callback', `${CALLBACK}&a=%7C`]) {
      const { session, path } = await begin({ initialCallbackUrl }, 'Web2App');
      const choice = await fetch(at(path));
      const policy = choice.headers.get('content-security-policy') ?? '';
      assert.ok(policy.includes(`form-action 'self' ${new URL(initialCallbackUrl).origin};`));
      assert.match(await choice.text(), /data-leaves/);
      await press(path, { account: PERSON });
      const [first, second] = await Promise.all([
        press(path, { action: 'confirm', pin: '1234' }),
        press(path, { action: 'confirm', pin: '1234' }),
      ]);
      const address = first.headers.get('location') ?? '';
      assert.deepEqual([first.status, second.status], [303, 303]);
      assert.equal(second.headers.get('location'), address);
      const completed = await status(simulator, session.sessionID);
      assertSigned(simulator, session.body, completed, 'sha512', { flowType: 'Web2App', initialCallbackUrl });
      assertReturned(session, address, completed);
    }
  });

  it('shows neither the session secret nor the challenge on any page', async () => {
    const { session, path } = await begin({}, 'Web2App');
    await press(path, { account: PERSON });
    const pages = [await text(path), await text('/')];
    await press(path, { action: 'confirm', pin: '1234' });
    pages.push(await text(path), await text('/'));
    for (const page of pages)
      for (const secret of [session.sessionSecret, session.body.signatureProtocolParameters.rpChallenge])
        assert.ok(!page.includes(secret));
  });

  it('does not redirect after Web2App was cancelled', async () => {
    const { session, path } = await begin({}, 'Web2App');
    await press(path, { account: PERSON });
    const cancelled = await cancel(path);
    assert.equal(cancelled.headers.get('location'), path);
    assert.match(await text(path), /Cancelled[^]*You can close this page/);
    assert.deepEqual(await result(session), {
      endResult: 'USER_REFUSED_INTERACTION',
      details: { interaction: 'displayTextAndPIN' },
    });
  });

  it('returns the cancelled interaction', async () => {
    const choosing = await begin();
    await cancel(choosing.path);
    assert.deepEqual(await result(choosing.session), { endResult: 'USER_REFUSED_CERT_CHOICE' });

    const confirming = await begin({ interactions: CONFIRMATION });
    await press(confirming.path, { account: PERSON });
    assert.match(await text(confirming.path), /you started this login yourself/);
    await press(confirming.path, { action: 'confirm' });
    await cancel(confirming.path);
    assert.deepEqual(await result(confirming.session), { endResult: 'USER_REFUSED' });
  });

  it('does not ask for the account if the session has one', async () => {
    const { session, path } = await begin({ path: `etsi/${PERSON}` });
    const page = await text(path);
    assert.match(page, /name="pin"/);
    assert.ok(page.includes(PERSON));
    await press(path, { account: 'PNOEE-38001085718' });
    await press(path, { action: 'confirm', pin: '1234' });
    assert.equal((await result(session)).documentNumber, `${PERSON}-DEMO-Q`);
  });

  it('accepts an account from the list, which gives its own answer', async () => {
    const { session, path } = await begin();
    await press(path, { action: 'choose', other: 'PNOEE-39909096017' });
    await press(path, { action: 'confirm', pin: '1234' });
    assert.deepEqual(await result(session), { endResult: 'ACCOUNT_UNUSABLE' });
    assert.match(await text(path), /It failed: ACCOUNT_UNUSABLE/);
  });

  it('refuses an account that does not exist, is refused by the service or is below the level', async () => {
    const { session, path } = await begin();
    for (const other of ['', 'nobody', 'PNOEE-39909094045', 'PNOLT-61101019988']) {
      const response = await press(path, { action: 'choose', other });
      assert.equal(response.status, 422, other);
      assert.match(await response.text(), /role="alert"/);
    }
    await cancel(path);
    await result(session);
    const lower = await begin({ certificateLevel: 'ADVANCED' });
    await press(lower.path, { action: 'choose', other: 'PNOLT-61101019988' });
    await press(lower.path, { action: 'confirm', pin: '1234' });
    assert.equal((await result(lower.session)).documentNumber, 'PNOLT-61101019988-MOCK-NQ');
  });

  it('opens a pasted link, or shows its defect', async () => {
    const session = await createDeviceLinkSession(simulator);
    const opened = await press('/device-link', { link: ` ${linkOf(session, 'QR')}\n` });
    assert.deepEqual(
      [opened.status, opened.headers.get('location')],
      [303, `/requests/${session.sessionID}`],
    );
    for (const link of ['', 'https://smart-id.com/device-link?deviceLinkType=QR', 'hello']) {
      const refused = await press('/device-link', { link });
      assert.equal(refused.status, 422, link);
      assert.match(await refused.text(), /This link does not work/);
    }
    const elsewhere = linkOf({ ...session, deviceLinkBase: 'https://smart-id.com/device-link' }, 'QR');
    assert.match(await (await press('/device-link', { link: elsewhere })).text(), /deviceLinkBase/);
    const other = { origin: 'https://attacker.example' };
    assert.equal((await press('/device-link', { link: linkOf(session, 'QR') }, other)).status, 403);
    await cancel(`/requests/${session.sessionID}`);
    await result(session);
  });

  it('shows the last opened request before an earlier notification, and keeps the others', async () => {
    const notification = await createSession(simulator, PERSON);
    const first = await begin();
    const second = await begin();
    const shown = async () => /action="(\/requests\/[^"]+)"/.exec(await text('/'))?.[1];
    assert.equal(await shown(), second.path);
    assert.match(await text('/'), /2 older requests wait/);
    assert.equal(await open(linkOf(first.session, 'QR')), first.path);
    assert.equal(await shown(), first.path);
    await cancel(first.path);
    await cancel(second.path);
    assert.equal(await shown(), `/requests/${notification}`);
    await cancel(`/requests/${notification}`);
    assert.equal(await shown(), undefined);
  });

  it('uses the flow of the link that was opened last', async () => {
    const { session, path } = await begin();
    await open(linkOf(session, 'Web2App'));
    await press(path, { account: PERSON });
    const confirmed = await press(path, { action: 'confirm', pin: '1234' });
    const completed = await status(simulator, session.sessionID);
    assert.equal(completed.signature?.flowType, 'Web2App');
    assertReturned(session, confirmed.headers.get('location') ?? '', completed);
  });

  it('has no page before its link is opened', async () => {
    const session = await createDeviceLinkSession(simulator);
    const path = `/requests/${session.sessionID}`;
    for (const response of [
      await fetch(at(path), { redirect: 'manual' }),
      await press(path, { account: PERSON }),
    ])
      assert.equal(response.headers.get('location'), '/');
    assert.deepEqual(await status(simulator, session.sessionID, 1_000), { state: 'RUNNING' });
  });
});

describe('the callback of a device link', () => {
  const verifier = 'XtPfaGa8JnGtYrJjboooUf0KfY9sMEHrWFpSQrsUv9c';
  const secret = 'B98ODiVCebRedSwdTk51zFSaGYyHtY1H2A0ocAi3/Ps=';

  it('has the proofs of SK’s example', () => {
    assert.equal(
      callbackAddress(CALLBACK, secret, verifier),
      `${CALLBACK}&sessionSecretDigest=U4CKK13H1XFiyBofev9asqrzIrY5_Gszi_nL_zDKkBc&userChallengeVerifier=${verifier}`,
    );
    assert.equal(userChallengeOf(verifier), 'GnsWXXEjTCKR89fj9uo5u5ReBZ9JR7_pezLAI5jMS00');
    assert.equal(createHash('sha256').update(verifier).digest('base64url'), userChallengeOf(verifier));
  });

  it('starts a query string if the address has none', () => {
    assert.match(callbackAddress('http://localhost/x', secret, verifier), /^http:\/\/localhost\/x\?session/);
  });
});
