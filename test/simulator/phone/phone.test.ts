import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import {
  assertSigned,
  CODE_CHOICE,
  CONFIRMATION,
  createSession,
  encode,
  requestBody,
  startTestSimulator,
  status,
  TEXT,
  verificationCodeOf,
} from '../relying-party.ts';

const PERSON = 'PNOEE-47101010033';

async function page(simulator: Simulator): Promise<string> {
  const response = await fetch(simulator.phoneUrl);
  assert.equal(response.status, 200);
  return await response.text();
}

/** Submits the form on the page with one of its buttons, as a browser without JavaScript would. */
async function press(
  simulator: Simulator,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Response> {
  const action = /<form method="post" action="([^"]+)"/.exec(await page(simulator))?.[1];
  assert.ok(action, 'a request is on the screen');
  return await fetch(new URL(action, simulator.phoneUrl), {
    method: 'POST',
    headers,
    body: new URLSearchParams(fields),
    redirect: 'manual',
  });
}

function choices(html: string): string[] {
  return [...html.matchAll(/name="code" value="(\d{4})"/g)].map(([, code = '']) => code);
}

describe('the virtual phone', async () => {
  const simulator = await startTestSimulator();
  const begin = async (interactions?: string) => {
    const body = requestBody(interactions === undefined ? {} : { interactions });
    return { body, id: await createSession(simulator, PERSON, body) };
  };
  const endResult = async (id: string) => (await status(simulator, id)).result;

  it('shows the service, the text, the person and the verification code', async () => {
    const { body, id } = await begin();
    const html = await page(simulator);
    assert.match(html, /<h2[^>]*>DEMO<\/h2>/);
    assert.ok(html.includes(TEXT));
    assert.ok(html.includes('MARY ÄNN O’CONNEŽ-ŠUSLIK') && html.includes(PERSON));
    assert.ok(html.includes(`>${verificationCodeOf(body)}<`));
    await press(simulator, { action: 'cancel' });
    await endResult(id);
  });

  it('logs in with any PIN1', async () => {
    const { body, id } = await begin();
    const response = await press(simulator, { action: 'confirm', pin: '1234' });
    assert.deepEqual([response.status, response.headers.get('location')], [303, '/']);
    const completed = await status(simulator, id);
    assert.equal(completed.result.endResult, 'OK');
    assertSigned(simulator, body, completed, 'sha512');
    assert.match(await page(simulator), /Confirmed/);
  });

  it('asks again after a malformed PIN1', async () => {
    const { id } = await begin();
    for (const pin of ['', '123', '12ab', '1234567890123']) {
      const response = await press(simulator, { action: 'confirm', pin });
      assert.equal(response.status, 422, pin);
      assert.match(await response.text(), /aria-invalid="true"/);
    }
    await press(simulator, { action: 'confirm', pin: '0000' });
    assert.equal((await endResult(id)).endResult, 'OK');
  });

  it('refuses the interaction on Cancel', async () => {
    for (const [interactions, interaction] of [
      [undefined, 'displayTextAndPIN'],
      [CONFIRMATION, 'confirmationMessage'],
      [CODE_CHOICE, 'confirmationMessageAndVerificationCodeChoice'],
    ] as const) {
      const { id } = await begin(interactions);
      await press(simulator, { action: 'cancel' });
      assert.deepEqual(await endResult(id), {
        endResult: 'USER_REFUSED_INTERACTION',
        details: { interaction },
      });
    }
  });

  it('asks for a confirmation, then for PIN1', async () => {
    const { body, id } = await begin(CONFIRMATION);
    assert.doesNotMatch(await page(simulator), /name="pin"/);
    await press(simulator, { action: 'confirm', pin: '1234' });
    assert.match(await page(simulator), /name="pin"/);
    await press(simulator, { action: 'confirm', pin: '1234' });
    const completed = await status(simulator, id);
    assert.equal(completed.interactionTypeUsed, 'confirmationMessage');
    assertSigned(simulator, body, completed, 'sha512');
  });

  it('refuses, but not the interaction, when PIN1 is cancelled after a confirmation', async () => {
    const { id } = await begin(CONFIRMATION);
    await press(simulator, { action: 'confirm' });
    await press(simulator, { action: 'cancel' });
    assert.deepEqual(await endResult(id), { endResult: 'USER_REFUSED' });
  });

  it('shows three codes to choose from, then asks for PIN1', async () => {
    const { body, id } = await begin(CODE_CHOICE);
    const html = await page(simulator);
    const codes = choices(html);
    assert.equal(new Set(codes).size, 3);
    assert.ok(codes.includes(verificationCodeOf(body)));
    assert.doesNotMatch(html, /name="pin"/);
    await press(simulator, { action: 'confirm', pin: '1234' });
    assert.deepEqual(choices(await page(simulator)), codes, 'the codes cannot be skipped');
    await press(simulator, { code: verificationCodeOf(body) });
    await press(simulator, { action: 'confirm', pin: '1234' });
    const completed = await status(simulator, id);
    assert.equal(completed.result.endResult, 'OK');
    assertSigned(simulator, body, completed, 'sha512');
  });

  it('fails with WRONG_VC after a wrong choice', async () => {
    const { body, id } = await begin(CODE_CHOICE);
    const wrong = choices(await page(simulator)).find((code) => code !== verificationCodeOf(body));
    await press(simulator, { code: wrong ?? '' });
    assert.deepEqual(await endResult(id), { endResult: 'WRONG_VC' });
  });

  it('shows one request at a time, newest first, and the number of older ones', async () => {
    const oldest = await begin();
    assert.doesNotMatch(await page(simulator), /behind this one/);
    const older = await begin(CONFIRMATION);
    assert.match(await page(simulator), /An older request waits behind this one/);
    const newest = await begin(CODE_CHOICE);
    const html = await page(simulator);
    assert.ok(choices(html).includes(verificationCodeOf(newest.body)));
    assert.match(html, /2 older requests wait behind this one/);
    for (const [{ id }, interaction] of [
      [newest, 'confirmationMessageAndVerificationCodeChoice'],
      [older, 'confirmationMessage'],
      [oldest, 'displayTextAndPIN'],
    ] as const) {
      await press(simulator, { action: 'cancel' });
      assert.equal((await endResult(id)).details?.interaction, interaction);
    }
  });

  it('ignores a late or repeated answer', async () => {
    const { id } = await begin();
    const action = new URL(`/requests/${id}`, simulator.phoneUrl);
    const confirm = () =>
      fetch(action, {
        method: 'POST',
        body: new URLSearchParams({ action: 'confirm', pin: '1234' }),
        redirect: 'manual',
      });
    const responses = await Promise.all([confirm(), confirm()]);
    assert.deepEqual(
      responses.map((response) => response.status),
      [303, 303],
    );
    assert.equal((await confirm()).status, 303);
    assert.equal((await endResult(id)).endResult, 'OK');
  });

  it('cannot answer for an automated account', async () => {
    const slow = await startTestSimulator({ answerDelayMs: 60_000 });
    const id = await createSession(slow, 'PNOEE-40504040001');
    const response = await fetch(new URL(`/requests/${id}`, slow.phoneUrl), {
      method: 'POST',
      body: new URLSearchParams({ action: 'confirm', pin: '1234' }),
      redirect: 'manual',
    });
    assert.equal(response.status, 303);
    assert.deepEqual(await status(slow, id, 1_000), { state: 'RUNNING' });
  });

  it('refuses POST requests from other sites and accepts its own', async () => {
    const { id } = await begin();
    const confirm = { action: 'confirm', pin: '1234' };
    for (const headers of [
      { origin: 'https://attacker.example' },
      { origin: 'null' },
      { origin: 'http://localhost:1' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ]) {
      assert.equal((await press(simulator, confirm, headers)).status, 403, JSON.stringify(headers));
    }
    assert.match(await page(simulator), new RegExp(id));
    const own = { origin: new URL(simulator.phoneUrl).origin, 'sec-fetch-site': 'same-origin' };
    assert.equal((await press(simulator, confirm, own)).status, 303);
    assert.equal((await endResult(id)).endResult, 'OK');
  });

  it('escapes all texts', async () => {
    const { id } = await begin(encode([{ type: 'displayTextAndPIN', displayText60: `<b title="'x'">&` }]));
    const html = await page(simulator);
    assert.ok(html.includes('&lt;b title=&quot;&#39;x&#39;&quot;&gt;&amp;'));
    assert.ok(!html.includes('<b title'));
    await press(simulator, { action: 'cancel' });
    await endResult(id);
  });

  it('notifies an open page of changes', async () => {
    const events = await fetch(new URL('/events', simulator.phoneUrl));
    assert.match(events.headers.get('content-type') ?? '', /^text\/event-stream/);
    const reader = events.body?.pipeThrough(new TextDecoderStream()).getReader();
    assert.ok(reader);
    const { id } = await begin();
    let received = '';
    while (!received.includes('data: changed'))
      received += (await reader.read()).value ?? assert.fail(received);
    await reader.cancel();
    await press(simulator, { action: 'cancel' });
    await endResult(id);
  });

  it('reloads itself without JavaScript only if the screen is idle', async () => {
    const refresh = /<noscript><meta http-equiv="refresh"/;
    assert.match((await page(simulator)).replace(/\s+</g, '<'), refresh);
    const still = await fetch(new URL('/scan', simulator.phoneUrl));
    assert.doesNotMatch(await still.text(), /http-equiv="refresh"/);
    const { id } = await begin();
    assert.doesNotMatch(await page(simulator), /http-equiv="refresh"/);
    await press(simulator, { action: 'cancel' });
    await endResult(id);
  });

  it('loads nothing from other sites and has no inline code', async () => {
    const response = await fetch(simulator.phoneUrl);
    const policy = response.headers.get('content-security-policy') ?? '';
    assert.match(policy, /^default-src 'none';/);
    assert.doesNotMatch(policy, /unsafe|https?:|\*/);
    const html = await response.text();
    assert.doesNotMatch(html, /<style|style=|<script(?! src="\/assets\/)|(?:src|href)="(?!\/)/);
    const assets = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path = '']) => path);
    assert.equal(assets.length, 3);
    for (const path of assets) {
      const asset = await fetch(new URL(path, simulator.phoneUrl));
      assert.equal(asset.status, 200, path);
      assert.doesNotMatch((await asset.text()).replace('http://www.w3.org/2000/svg', ''), /https?:/);
    }
  });

  it('lists every account with its behaviour', async () => {
    const html = await page(simulator);
    for (const text of [
      '40504040001',
      '311299-18886',
      '39909094045',
      'HTTP 580',
      'EXPECTED_LINKED_SESSION',
      'simulator',
    ])
      assert.ok(html.toLowerCase().includes(text.toLowerCase()), text);
  });
});
