import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { appLink, authCode, deviceLinkLanguage, qrLink } from '../../src/smart-id/device-link.ts';
import { deviceLinkSession } from '../support/answers/device-link-responses.ts';

/** The example of RP API 3.2, authCode calculation. */
const FIELDS = {
  schemeName: 'smart-id',
  rpChallenge: 'GYS+yoah6emAcVDNIajwSs6UB/M95XrDxMzXBUkwQJ9YFDipXXzGpPc7raWcuc2+TEoRc7WvIZ/7dU/iRXenYg==',
  relyingPartyName: 'DEMO',
  interactions:
    'W3sidHlwZSI6ImNvbmZpcm1hdGlvbk1lc3NhZ2UiLCJkaXNwbGF5VGV4dDIwMCI6IkxvbmdlciBkZXNjcmlwdGlvbiBvZiB0aGUgdHJhbnNhY3Rpb24gY29udGV4dCJ9LHsidHlwZSI6ImRpc3BsYXlUZXh0QW5kUElOIiwiZGlzcGxheVRleHQ2MCI6IlNob3J0IGRlc2NyaXB0aW9uIG9mIHRoZSB0cmFuc2FjdGlvbiBjb250ZXh0In1d',
} as const;
const SECRET = 'B98ODiVCebRedSwdTk51zFSaGYyHtY1H2A0ocAi3/Ps=';
const CALLBACK = 'https://rp.example.com/callback-url?value=RrKjjT4aggzu27YBddX1bQ';
const QR_LINK =
  'https://smart-id.com/device-link?deviceLinkType=QR&elapsedSeconds=22&sessionToken=wGIrqveE6AuGDATZKmR1mtAZ&sessionType=auth&version=1.0&lang=eng';
const APP_LINK =
  'https://smart-id.com/device-link?deviceLinkType=Web2App&sessionToken=wGIrqveE6AuGDATZKmR1mtAZ&sessionType=auth&version=1.0&lang=eng';
const QR_CODE_WITHOUT_BROKER = 'A0mHB-lPhkXuek831E3p9B0-oc7FO02_1VBztVigd70';

const RECEIVED_AT = 1_900_000_000_000;
const example = deviceLinkSession({
  ...FIELDS,
  deviceLink: {
    sessionToken: 'wGIrqveE6AuGDATZKmR1mtAZ',
    sessionSecret: SECRET,
    deviceLinkBase: 'https://smart-id.com/device-link',
    initialCallbackUrl: CALLBACK,
    receivedAt: RECEIVED_AT,
  },
}) as Parameters<typeof qrLink>[0];

describe('the authCode of a link', () => {
  it('matches SK’s example for a QR code', () => {
    assert.equal(
      authCode(QR_LINK, { ...FIELDS, brokeredRpName: 'Example RP' }, SECRET),
      'OY1eHaD4UYedrBwtqUbSkpa0w7ttm4FllPkCD_3wlE0',
    );
  });

  it('matches a separately computed value without a broker', () => {
    assert.equal(authCode(QR_LINK, FIELDS, SECRET), QR_CODE_WITHOUT_BROKER);
  });

  it('matches SK’s example for Web2App', () => {
    const fields = { ...FIELDS, brokeredRpName: 'Example RP', initialCallbackUrl: CALLBACK };
    assert.equal(authCode(APP_LINK, fields, SECRET), 'aegUh6gCKkXBJhhvtJqSTWB5_2W8TDQt5eZ7db6krv0');
  });

  it('differs when any field, the link or the secret differs', () => {
    const fields = { ...FIELDS, brokeredRpName: '', initialCallbackUrl: '' };
    const codes = Object.keys(fields).map((key) => authCode(QR_LINK, { ...fields, [key]: 'x' }, SECRET));
    codes.push(authCode(QR_LINK, fields, SECRET), authCode(APP_LINK, fields, SECRET));
    codes.push(authCode(QR_LINK, fields, randomBytes(32).toString('base64')));
    assert.equal(new Set(codes).size, codes.length);
  });
});

describe('the QR link', () => {
  it('has its parameters in SK’s order, with the authCode last', () => {
    assert.equal(
      qrLink(example, RECEIVED_AT + 22_000, 'en'),
      `${QR_LINK}&authCode=${QR_CODE_WITHOUT_BROKER}`,
    );
  });

  it('counts whole seconds since the response', () => {
    for (const [milliseconds, seconds] of [
      [0, 0],
      [999, 0],
      [1_000, 1],
      [59_999, 59],
      [-5_000, 0],
    ] as const) {
      const link = new URL(qrLink(example, RECEIVED_AT + milliseconds, 'en'));
      assert.equal(link.searchParams.get('elapsedSeconds'), String(seconds));
    }
  });

  it('changes every second, and not within a second', () => {
    const links = [0, 1, 999, 1_000, 2_000].map((later) => qrLink(example, RECEIVED_AT + later, 'en'));
    assert.equal(new Set(links).size, 3);
    assert.equal(links[0], links[2]);
  });
});

describe('the app link', () => {
  it('has no elapsedSeconds, and its authCode covers the callback URL', () => {
    const payload = [
      'smart-id',
      'ACSP_V2',
      FIELDS.rpChallenge,
      Buffer.from('DEMO').toString('base64'),
      '',
      FIELDS.interactions,
      CALLBACK,
      APP_LINK,
    ].join('|');
    const code = createHmac('sha256', Buffer.from(SECRET, 'base64')).update(payload).digest('base64url');
    assert.equal(appLink(example, 'en'), `${APP_LINK}&authCode=${code}`);
  });

  it('requests SK’s fallback page in the language of the login page', () => {
    for (const [language, code] of [
      ['et', 'est'],
      ['lv', 'lav'],
      ['lt', 'lit'],
      ['en', 'eng'],
      ['ru', 'rus'],
      ['nl', 'nld'],
      ['fr', 'fra'],
      ['de', 'deu'],
      ['de-AT', 'deu'],
      ['ET', 'est'],
      ['fi', 'eng'],
      ['', 'eng'],
    ] as const) {
      assert.equal(deviceLinkLanguage(language), code);
      assert.equal(new URL(appLink(example, language)).searchParams.get('lang'), code);
    }
  });
});

describe('a device link', () => {
  it('never contains the secret, the challenge, the session ID or the value of the callback URL', () => {
    const base64 = fc
      .uint8Array({ minLength: 32, maxLength: 64 })
      .map((b) => Buffer.from(b).toString('base64'));
    const value = fc
      .uint8Array({ minLength: 16, maxLength: 32 })
      .map((b) => Buffer.from(b).toString('base64url'));
    fc.assert(
      fc.property(
        base64,
        base64,
        fc.uuid(),
        value,
        fc.nat(90_000),
        (secret, rpChallenge, sessionId, callback, later) => {
          const session = {
            ...example,
            rpChallenge,
            sessionId,
            deviceLink: {
              ...example.deviceLink,
              sessionSecret: secret,
              initialCallbackUrl: `https://login.example.ee/callback/smart-id?value=${callback}`,
            },
          };
          const links = qrLink(session, RECEIVED_AT + later, 'et') + appLink(session, 'et');
          const hidden = [secret, rpChallenge, sessionId, callback].flatMap((text) => [
            text,
            encodeURIComponent(text),
            text.replaceAll('=', ''),
            Buffer.from(text, 'base64').toString('base64url'),
            Buffer.from(text, 'base64').toString('hex'),
          ]);
          for (const text of hidden) assert.ok(!links.includes(text));
          assert.ok(!links.includes('callback'));
        },
      ),
    );
  });
});
