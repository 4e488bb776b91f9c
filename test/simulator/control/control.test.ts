import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createAccounts } from '../../../src/simulator/accounts/accounts.ts';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import {
  assertReturned,
  assertSigned,
  authenticate,
  certificateOf,
  CODE_CHOICE,
  createDeviceLinkSession,
  createSession,
  linkOf,
  post,
  problem,
  requestBody,
  startTestSimulator,
  status,
  TEXT,
  verificationCodeOf,
} from '../relying-party.ts';

const PERSON = 'PNOEE-47101010033';
const CALLBACK = 'http://localhost:3000/callback/smart-id?value=x';

interface Described {
  id: string;
  flowType: string;
  waitsFor: string | null;
  automatic: boolean;
  identifier?: string;
  documentNumber?: string;
  verificationCode?: string;
  codes?: string[];
  endResult?: string;
  returnTo?: string;
}

async function tell(
  simulator: Simulator,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return await fetch(new URL(`/control/${path}`, simulator.phoneUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

async function told<T = Described>(simulator: Simulator, path: string, body: unknown): Promise<T> {
  const response = await tell(simulator, path, body);
  assert.ok(response.ok, `${response.status} ${path}`);
  return (await response.json()) as T;
}

async function get<T>(simulator: Simulator, path: string): Promise<T> {
  const response = await fetch(new URL(`/control/${path}`, simulator.phoneUrl));
  assert.equal(response.status, 200);
  return (await response.json()) as T;
}

async function waiting(simulator: Simulator): Promise<Described[]> {
  return (await get<{ requests: Described[] }>(simulator, 'requests')).requests;
}

describe('the control API', async () => {
  const simulator = await startTestSimulator();
  const pointerOf = async (response: Response) => {
    assert.equal(response.status, 400);
    return (await problem(response)).errors?.[0]?.pointer;
  };

  it('lists the requests that wait, with what a person sees of them', async () => {
    const own = await startTestSimulator();
    assert.deepEqual(await waiting(own), []);
    const body = requestBody();
    const id = await createSession(own, PERSON, body);
    const [request, ...more] = await waiting(own);
    assert.deepEqual(more, []);
    const { startedAt, expiresAt, ...rest } = request as Described & { startedAt: string; expiresAt: string };
    assert.equal(Date.parse(expiresAt) - Date.parse(startedAt), 90_000);
    assert.deepEqual(rest, {
      id,
      api: 'v3',
      flowType: 'Notification',
      waitsFor: 'answer',
      automatic: false,
      identifier: PERSON,
      documentNumber: `${PERSON}-DEMO-Q`,
      relyingPartyName: 'DEMO',
      certificateLevel: 'QUALIFIED',
      interaction: { type: 'displayTextAndPIN', text: TEXT },
      verificationCode: verificationCodeOf(body),
    });
    await told(own, `requests/${id}`, { action: 'confirm' });
    assert.deepEqual(await waiting(own), []);
    const answered = await get<Described>(own, `requests/${id}`);
    assert.deepEqual([answered.waitsFor, answered.endResult], [null, 'OK']);
  });

  it('confirms, with a signature', async () => {
    const body = requestBody();
    const id = await createSession(simulator, PERSON, body);
    assert.equal((await told(simulator, `requests/${id}`, { action: 'confirm' })).endResult, 'OK');
    assertSigned(simulator, body, await status(simulator, id), 'sha512');
  });

  it('refuses, on the screen of the interaction', async () => {
    const id = await createSession(simulator, PERSON);
    await told(simulator, `requests/${id}`, { action: 'refuse' });
    assert.deepEqual((await status(simulator, id)).result, {
      endResult: 'USER_REFUSED_INTERACTION',
      details: { interaction: 'displayTextAndPIN' },
    });
  });

  it('chooses the right code or a wrong one', async () => {
    for (const right of [true, false]) {
      const body = requestBody({ interactions: CODE_CHOICE });
      const id = await createSession(simulator, PERSON, body);
      const { codes = [], verificationCode } = await get<Described>(simulator, `requests/${id}`);
      assert.equal(codes.length, 3);
      assert.equal(verificationCode, verificationCodeOf(body));
      const code = codes.find((one) => (one === verificationCode) === right);
      const { endResult } = await told(simulator, `requests/${id}`, { action: 'choose', code });
      assert.equal(endResult, right ? 'OK' : 'WRONG_VC');
      assert.equal((await status(simulator, id)).result.endResult, endResult);
    }
    const id = await createSession(simulator, PERSON);
    assert.equal((await tell(simulator, `requests/${id}`, { action: 'choose', code: '1234' })).status, 409);
  });

  it('lets a request wait until its time is up, even of an account that answers by itself', async () => {
    const own = await startTestSimulator({ answerDelayMs: 200, sessionSeconds: 0.6 });
    const id = await createSession(own, 'PNOEE-40504040001');
    assert.equal((await get<Described>(own, `requests/${id}`)).automatic, true);
    const held = await told(own, `requests/${id}`, { action: 'wait' });
    assert.deepEqual([held.automatic, held.waitsFor], [false, 'answer']);
    assert.deepEqual((await status(own, id)).result, { endResult: 'TIMEOUT' });
  });

  it('answers for accounts that would answer otherwise by themselves', async () => {
    const own = await startTestSimulator({ answerDelayMs: 60_000 });
    const id = await createSession(own, 'PNOEE-30403039917');
    await told(own, `requests/${id}`, { action: 'confirm' });
    assert.equal((await status(own, id)).result.endResult, 'OK');
  });

  it('opens a device link, and answers it for the named account', async () => {
    const session = await createDeviceLinkSession(simulator, { initialCallbackUrl: CALLBACK });
    const path = `requests/${session.sessionID}`;
    const before = await get<Described>(simulator, path);
    assert.deepEqual([before.flowType, before.waitsFor], ['DeviceLink', 'deviceLink']);
    assert.equal((await tell(simulator, path, { action: 'confirm', account: PERSON })).status, 409);

    const opened = await told(simulator, 'device-links', { link: linkOf(session, 'Web2App') });
    assert.deepEqual(
      [opened.id, opened.flowType, opened.waitsFor],
      [session.sessionID, 'Web2App', 'account'],
    );
    assert.equal(await pointerOf(await tell(simulator, path, { action: 'confirm' })), '/account');
    for (const account of ['nobody', 'PNOEE-39909094045', 'PNOLT-40504049999-MOCK-NQ'])
      assert.equal(await pointerOf(await tell(simulator, path, { action: 'confirm', account })), '/account');

    const { returnTo = '' } = await told(simulator, path, { action: 'confirm', account: PERSON });
    const completed = await status(simulator, session.sessionID);
    assertReturned(session, returnTo, completed);
    assert.equal(completed.result.documentNumber, `${PERSON}-DEMO-Q`);
  });

  it('opens a QR code for an account, and refuses wrong links and other accounts', async () => {
    const session = await createDeviceLinkSession(simulator, { path: `etsi/${PERSON}` });
    const link = linkOf(session, 'QR');
    const changed = link.replace('lang=eng', 'lang=est');
    assert.equal(await pointerOf(await tell(simulator, 'device-links', { link: changed })), '/link');
    const other = { link, account: 'PNOEE-38001085718' };
    assert.equal(await pointerOf(await tell(simulator, 'device-links', other)), '/account');
    const opened = await told(simulator, 'device-links', { link, account: PERSON });
    assert.deepEqual([opened.flowType, opened.waitsFor], ['QR', 'answer']);
    await told(simulator, `requests/${opened.id}`, { action: 'confirm' });
    assert.equal((await status(simulator, session.sessionID)).signature?.flowType, 'QR');

    const anonymous = await createDeviceLinkSession(simulator);
    const { id } = await told(simulator, 'device-links', { link: linkOf(anonymous, 'QR') });
    await told(simulator, `requests/${id}`, { action: 'refuse' });
    assert.deepEqual((await status(simulator, id)).result, { endResult: 'USER_REFUSED_CERT_CHOICE' });
  });

  it('answers a request once', async () => {
    const id = await createSession(simulator, PERSON);
    await told(simulator, `requests/${id}`, { action: 'refuse' });
    assert.equal((await tell(simulator, `requests/${id}`, { action: 'confirm' })).status, 409);
    const unknown = 'requests/00000000-0000-4000-8000-000000000000';
    assert.equal((await tell(simulator, unknown, { action: 'confirm' })).status, 404);
    const again = await createSession(simulator, PERSON);
    for (const body of [
      {},
      { action: 'sleep' },
      { action: 'choose' },
      { action: 'confirm', pin: '1234' },
      null,
    ])
      assert.equal((await tell(simulator, `requests/${again}`, body)).status, 400, JSON.stringify(body));
  });

  it('adds an account that answers on the phone', async () => {
    const identifier = 'PNOLV-050607-12345';
    const names = { surname: 'BĒRZIŅŠ', givenName: 'JĀNIS', birthDate: '2007-06-05' };
    const response = await tell(simulator, 'accounts', { identifier, ...names });
    assert.equal(response.status, 201);
    const added = { identifier, documentNumber: `${identifier}-DEMO-Q`, ...names };
    assert.deepEqual(await response.json(), { ...added, certificateLevel: 'QUALIFIED', behaviour: 'phone' });
    const { accounts } = await get<{ accounts: { identifier: string }[] }>(simulator, 'accounts');
    assert.equal(accounts.filter((one) => one.identifier === identifier).length, 1);
    assert.ok(accounts.length > 80);

    const id = await createSession(simulator, identifier);
    await told(simulator, `requests/${id}`, { action: 'confirm' });
    const { subject } = certificateOf(await status(simulator, id));
    assert.ok(subject.includes('GN=JĀNIS') && subject.includes(`serialNumber=${identifier}`));
    assert.ok((await (await fetch(simulator.phoneUrl)).text()).includes('JĀNIS BĒRZIŅŠ'));
  });

  it('adds accounts of any kind of identity that answer, refuse or do not exist', async () => {
    const names = { surname: 'SMITH', givenName: 'ANN' };
    const add = async (identifier: string, more: Record<string, unknown>) =>
      await told<{ documentNumber: string }>(simulator, 'accounts', { identifier, ...names, ...more });
    await add('PASUA-PU12345', { behaviour: { endResult: 'OK' } });
    assert.equal((await authenticate(simulator, 'PASUA-PU12345')).result.endResult, 'OK');
    const refused = { endResult: 'USER_REFUSED_INTERACTION', interaction: 'confirmationMessage' };
    await add('IDCUA-47101010033', { behaviour: refused });
    assert.deepEqual((await authenticate(simulator, 'IDCUA-47101010033')).result, {
      endResult: refused.endResult,
      details: { interaction: refused.interaction },
    });
    await add('PNOEE-60001010009', { behaviour: { status: 472 } });
    assert.equal((await post(simulator, 'etsi/PNOEE-60001010009', requestBody())).status, 472);
    const basic = await add('PNOEE-60001010010', {
      certificateLevel: 'ADVANCED',
      behaviour: { endResult: 'OK' },
    });
    assert.equal(basic.documentNumber, 'PNOEE-60001010010-DEMO-NQ');
    assert.equal((await post(simulator, 'etsi/PNOEE-60001010010', requestBody())).status, 404);
  });

  it('adds a further document of a person, and replaces an added account', async () => {
    const documentNumber = 'PNOEE-40504040001-SECOND-Q';
    const account = { identifier: 'PNOEE-40504040001', documentNumber, surname: 'TEST', givenName: 'SECOND' };
    for (const givenName of ['SECOND', 'THIRD']) {
      await told(simulator, 'accounts', { ...account, givenName, behaviour: { endResult: 'OK' } });
      const response = await post(simulator, `document/${documentNumber}`, requestBody());
      const { sessionID } = (await response.json()) as { sessionID: string };
      const completed = await status(simulator, sessionID);
      assert.equal(completed.result.documentNumber, documentNumber);
      assert.ok(certificateOf(completed).subject.includes(`GN=${givenName}`));
    }
    const listed = { ...account, documentNumber: 'PNOEE-40504040001-DEMO-Q' };
    assert.equal((await tell(simulator, 'accounts', listed)).status, 409);
    for (const [pointer, changes] of [
      ['/identifier', { identifier: '40504040001' }],
      ['/surname', { surname: ' ' }],
      ['/givenName', { givenName: undefined }],
      ['/birthDate', { birthDate: '5.6.2007' }],
      ['/certificateLevel', { certificateLevel: 'QSCD' }],
      ['/documentNumber', { documentNumber: 'PNOEE-40504040001-SECOND-NQ' }],
      ['/documentNumber', { documentNumber: 'PNOLT-40504040001-SECOND-Q' }],
      ['/behaviour', { behaviour: { endResult: 'USER_REFUSED_INTERACTION' } }],
      ['/behaviour', { behaviour: { status: 200 } }],
    ] as const)
      assert.equal(
        await pointerOf(await tell(simulator, 'accounts', { ...account, ...changes })),
        pointer,
        JSON.stringify(changes),
      );
    assert.equal((await tell(simulator, 'accounts', { ...account, name: 'x' })).status, 400);
  });

  it('sets delays for what begins afterwards', async () => {
    const own = await startTestSimulator({ answerDelayMs: 60_000 });
    const before = { answerMs: 60_000, slowMs: 3_000, sessionSeconds: 90 };
    assert.deepEqual(await get(own, 'delays'), before);
    assert.deepEqual(await told(own, 'delays', { answerMs: 0 }), { ...before, answerMs: 0 });
    assert.equal((await authenticate(own, 'PNOEE-40504040001')).result.endResult, 'OK');
    await told(own, 'delays', { sessionSeconds: 0.1 });
    assert.deepEqual((await authenticate(own, PERSON)).result, { endResult: 'TIMEOUT' });
    for (const body of [{ answerMs: -1 }, { answerMs: '5' }, { sessionSeconds: 0 }, { speed: 1 }])
      assert.equal((await tell(own, 'delays', body)).status, 400, JSON.stringify(body));
  });

  it('takes only JSON, and nothing from pages of other sites', async () => {
    const id = await createSession(simulator, PERSON);
    const confirm = { action: 'confirm' };
    for (const headers of [
      { origin: 'https://evil.example.com' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ] as Record<string, string>[]) {
      assert.equal((await tell(simulator, `requests/${id}`, confirm, headers)).status, 403);
      const listed = await fetch(new URL('/control/requests', simulator.phoneUrl), { headers });
      assert.equal(listed.status, 403);
    }
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    assert.equal((await tell(simulator, `requests/${id}`, confirm, form)).status, 415);
    assert.equal((await get<Described>(simulator, `requests/${id}`)).waitsFor, 'answer');
    assert.equal(
      (await fetch(new URL('/control/requests', simulator.phoneUrl), { method: 'DELETE' })).status,
      405,
    );
    assert.equal(createAccounts().ofPerson('PASUA-PU12345').length, 0, 'accounts belong to one simulator');
  });
});
