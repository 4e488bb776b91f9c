import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { authCodeOf } from '../../../src/simulator/phone/device-link.ts';
import {
  CALLBACK,
  CODE_CHOICE,
  createDeviceLinkSession,
  createSession,
  deviceLinkBody,
  type DeviceLinkSession,
  linkOf,
  postDeviceLink,
  problem,
  startTestSimulator,
  status,
} from '../relying-party.ts';

/** From SK's RP API 3.2.3 documentation. */
const SK = {
  schemeName: 'smart-id',
  rpChallenge: 'GYS+yoah6emAcVDNIajwSs6UB/M95XrDxMzXBUkwQJ9YFDipXXzGpPc7raWcuc2+TEoRc7WvIZ/7dU/iRXenYg==',
  relyingPartyName: 'DEMO',
  brokeredRpName: 'Example RP',
  interactions:
    'W3sidHlwZSI6ImNvbmZpcm1hdGlvbk1lc3NhZ2UiLCJkaXNwbGF5VGV4dDIwMCI6IkxvbmdlciBkZXNjcmlwdGlvbiBvZiB0aGUgdHJhbnNhY3Rpb24gY29udGV4dCJ9LHsidHlwZSI6ImRpc3BsYXlUZXh0QW5kUElOIiwiZGlzcGxheVRleHQ2MCI6IlNob3J0IGRlc2NyaXB0aW9uIG9mIHRoZSB0cmFuc2FjdGlvbiBjb250ZXh0In1d',
};
const SK_SECRET = 'B98ODiVCebRedSwdTk51zFSaGYyHtY1H2A0ocAi3/Ps=';
const SK_PARAMETERS = 'sessionToken=wGIrqveE6AuGDATZKmR1mtAZ&sessionType=auth&version=1.0&lang=eng';

describe('the authCode of a device link', () => {
  const link = (type: string) => `https://smart-id.com/device-link?deviceLinkType=${type}&${SK_PARAMETERS}`;

  it('matches SK’s examples', () => {
    const qr = { ...SK, initialCallbackUrl: '', link: link('QR&elapsedSeconds=22') };
    assert.equal(authCodeOf(qr, SK_SECRET), 'OY1eHaD4UYedrBwtqUbSkpa0w7ttm4FllPkCD_3wlE0');
    const web = { ...SK, initialCallbackUrl: CALLBACK, link: link('Web2App') };
    assert.equal(authCodeOf(web, SK_SECRET), 'aegUh6gCKkXBJhhvtJqSTWB5_2W8TDQt5eZ7db6krv0');
  });

  it('has an empty field if there is no broker', () => {
    const qr = { ...SK, brokeredRpName: '', initialCallbackUrl: '', link: link('QR&elapsedSeconds=22') };
    assert.equal(authCodeOf(qr, SK_SECRET), 'A0mHB-lPhkXuek831E3p9B0-oc7FO02_1VBztVigd70');
  });
});

describe('a device link session', async () => {
  const simulator = await startTestSimulator();

  it('returns the parts of its links, different each time', async () => {
    const first = await createDeviceLinkSession(simulator);
    const second = await createDeviceLinkSession(simulator);
    assert.match(first.sessionID, /^[0-9a-f-]{36}$/);
    assert.match(first.sessionToken, /^[a-zA-Z0-9]{24,}$/);
    assert.equal(Buffer.from(first.sessionSecret, 'base64').length, 32);
    assert.equal(first.deviceLinkBase, `${simulator.phoneUrl}device-link`);
    for (const member of ['sessionID', 'sessionToken', 'sessionSecret'] as const)
      assert.notEqual(first[member], second[member]);
  });

  it('is RUNNING until its link is opened, even for automated accounts', async () => {
    const { sessionID } = await createDeviceLinkSession(simulator, {
      path: 'document/PNOEE-40404040009-MOCK-Q',
    });
    assert.deepEqual(await status(simulator, sessionID, 1_000), { state: 'RUNNING' });
  });

  const invalid: [defect: string, pointer: string, changes: Record<string, unknown>][] = [
    ['with null as callback', '/initialCallbackUrl', { initialCallbackUrl: null }],
    ['with an empty callback', '/initialCallbackUrl', { initialCallbackUrl: '' }],
    ['with a callback that is no URL', '/initialCallbackUrl', { initialCallbackUrl: 'AAA' }],
    ['with http and no host', '/initialCallbackUrl', { initialCallbackUrl: 'http://' }],
    ['with http to another host', '/initialCallbackUrl', { initialCallbackUrl: 'http://rp.example.com/' }],
    [
      'with http to a host with a similar name',
      '/initialCallbackUrl',
      { initialCallbackUrl: 'http://localhost.example.com/' },
    ],
    ['with an app’s scheme', '/initialCallbackUrl', { initialCallbackUrl: 'smartid://callback' }],
    ['with a fragment', '/initialCallbackUrl', { initialCallbackUrl: `${CALLBACK}#x` }],
    ['with | as it is', '/initialCallbackUrl', { initialCallbackUrl: `${CALLBACK}|x` }],
    ['with white space', '/initialCallbackUrl', { initialCallbackUrl: `${CALLBACK} x` }],
    ['without a host', '/initialCallbackUrl', { initialCallbackUrl: 'https://' }],
    [
      'of 1,801 characters',
      '/initialCallbackUrl',
      { initialCallbackUrl: `${CALLBACK}&x=`.padEnd(1801, 'x') },
    ],
    ['with a choice of codes', '/interactions', { interactions: CODE_CHOICE }],
    ['without interactions', '/interactions', { interactions: undefined }],
    ['with another protocol', '/signatureProtocol', { signatureProtocol: 'RAW_DIGEST_SIGNATURE' }],
  ];
  for (const [defect, pointer, changes] of invalid) {
    it(`${defect} is refused with 400 at ${pointer}`, async () => {
      const response = await postDeviceLink(simulator, 'anonymous', deviceLinkBody(changes));
      assert.equal(response.status, 400);
      const { errors } = await problem(response);
      assert.deepEqual([...new Set(errors?.map((error) => error.pointer))], [pointer]);
    });
  }

  it('may have a callback with https, with an encoded |, or with http on loopback', async () => {
    for (const initialCallbackUrl of [
      CALLBACK,
      `${CALLBACK}%7C`,
      `${CALLBACK}&x=`.padEnd(1800, 'x'),
      'http://localhost:3000/callback/smart-id?value=x',
      'http://127.0.0.1/',
      'http://[::1]:3000/',
    ])
      await createDeviceLinkSession(simulator, { initialCallbackUrl });
  });

  it('may have no callback where only a QR code is used', async () => {
    const session = await createDeviceLinkSession(simulator, { initialCallbackUrl: undefined });
    const open = (type: string) =>
      fetch(linkOf({ ...session, initialCallbackUrl: '' }, type), { redirect: 'manual' });
    for (const type of ['Web2App', 'App2App']) {
      const refused = await open(type);
      assert.equal(refused.status, 400, type);
      assert.match(await refused.text(), /no initialCallbackUrl/);
    }
    assert.equal((await open('QR')).status, 303);
  });

  it('of one person is refused for the same reasons as a notification', async () => {
    const older = await startTestSimulator({ answersLike: '3.1' });
    const basic = 'document/PNOLT-61101019988-MOCK-NQ';
    for (const [service, path, expected] of [
      [simulator, 'etsi/PNOEE-39909094045', 404],
      [simulator, 'etsi/PNOEE-39909094720', 472],
      [simulator, 'etsi/PNOEE-39909095804', 580],
      [simulator, 'document/PNOEE-40404040009-DEMO-Q', 404],
      [simulator, 'etsi/40404040009', 400],
      [simulator, basic, 404],
      [older, basic, 471],
    ] as const)
      assert.equal((await postDeviceLink(service, path, deviceLinkBody())).status, expected, path);
    assert.equal(
      (await postDeviceLink(simulator, basic, deviceLinkBody({ certificateLevel: 'ADVANCED' }))).status,
      200,
    );
  });
});

describe('an opened device link', async () => {
  let ahead = 0;
  const simulator = await startTestSimulator({ now: () => new Date(Date.now() + ahead) });
  const opened = async (link: string) => {
    const response = await fetch(link, { redirect: 'manual' });
    return { status: response.status, page: await response.text() };
  };
  const replace = (from: string, to: string) => (link: string) => link.replace(from, to);

  const refused: string[] = [];
  const wrong: [defect: string, reason: RegExp, make: (session: DeviceLinkSession) => string][] = [
    ['without parameters', /not a device link/, ({ deviceLinkBase }) => deviceLinkBase],
    ['without a code', /not a device link/, (session) => linkOf(session, 'QR').replace(/&authCode=.*/, '')],
    [
      'in another order',
      /not a device link/,
      (session) =>
        linkOf(session, 'QR', replace('sessionType=auth&version=1.0', 'version=1.0&sessionType=auth')),
    ],
    [
      'with an extra parameter',
      /not a device link/,
      (session) => linkOf(session, 'QR', (link) => `${link}&more=1`),
    ],
    ['of an unknown type', /deviceLinkType/, (session) => linkOf(session, 'Web3App')],
    [
      'of a QR code without its seconds',
      /elapsedSeconds/,
      (session) => linkOf(session, 'QR', replace('&elapsedSeconds=0', '')),
    ],
    [
      'of an app with seconds',
      /elapsedSeconds/,
      (session) => linkOf(session, 'Web2App', replace('Web2App', 'Web2App&elapsedSeconds=0')),
    ],
    [
      'for signing',
      /sessionType/,
      (session) => linkOf(session, 'QR', replace('sessionType=auth', 'sessionType=sign')),
    ],
    [
      'of another version',
      /version/,
      (session) => linkOf(session, 'QR', replace('version=1.0', 'version=0.9')),
    ],
    [
      'of no session',
      /no session/,
      (session) => linkOf({ ...session, sessionToken: 'wGIrqveE6AuGDATZKmR1mtAZ' }, 'QR'),
    ],
    [
      'whose seconds were changed later',
      /authCode/,
      (session) => linkOf(session, 'QR').replace('elapsedSeconds=0', 'elapsedSeconds=1'),
    ],
    [
      'whose code has another secret',
      /authCode/,
      (session) => linkOf({ ...session, sessionSecret: 'AAAA' }, 'QR'),
    ],
    [
      'whose code covers another callback',
      /authCode/,
      (session) => linkOf({ ...session, initialCallbackUrl: `${CALLBACK}x` }, 'Web2App'),
    ],
    [
      'whose code covers another name of the host',
      /authCode/,
      (session) => linkOf(session, 'QR', replace('localhost', '127.0.0.1')).replace('127.0.0.1', 'localhost'),
    ],
    [
      'made ahead of time',
      /ahead of time/,
      (session) => linkOf(session, 'QR', replace('elapsedSeconds=0', 'elapsedSeconds=3')),
    ],
  ];
  for (const [defect, reason, make] of wrong) {
    it(`${defect} is refused, and the phone shows the reason`, async () => {
      const session = await createDeviceLinkSession(simulator);
      const { status: code, page } = await opened(make(session));
      assert.equal(code, 400);
      assert.match(page, /<h2[^>]*>This link does not work<\/h2>/);
      assert.match(page, reason);
      assert.doesNotMatch(page, /action="\/requests/);
      refused.push(session.sessionID);
    });
  }

  it('changes no session if it is refused', async () => {
    assert.equal(refused.length, wrong.length);
    const answers = await Promise.all(refused.map((id) => status(simulator, id, 1_000)));
    for (const answer of answers) assert.deepEqual(answer, { state: 'RUNNING' });
  });

  it('is valid for some seconds if it is a QR code, else as long as its session', async () => {
    const session = await createDeviceLinkSession(simulator);
    const [qr, app] = [linkOf(session, 'QR'), linkOf(session, 'Web2App')];
    ahead += 5_000;
    assert.equal((await opened(qr)).status, 303);
    ahead += 6_000;
    const late = await opened(qr);
    assert.equal(late.status, 400);
    assert.match(late.page, /too old/);
    assert.equal((await opened(linkOf(session, 'QR', replace('Seconds=0', 'Seconds=11')))).status, 303);
    ahead += 70_000;
    assert.equal((await opened(app)).status, 303);
    ahead += 10_000;
    const over = await opened(app);
    assert.equal(over.status, 400);
    assert.match(over.page, /is over/);
  });

  it('cannot open a notification session', async () => {
    const id = await createSession(simulator, 'PNOEE-47101010033');
    const session = await createDeviceLinkSession(simulator);
    assert.equal((await opened(linkOf({ ...session, sessionToken: id }, 'QR'))).status, 400);
  });
});
