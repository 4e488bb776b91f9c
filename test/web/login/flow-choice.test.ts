import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { deviceOf } from '../../../src/web/login/device.ts';
import { en } from '../../../src/web/messages/en.ts';
import {
  COOKIE,
  headingOf,
  startWeb,
  textOf,
  TOKEN,
  UID,
  type WebOptions,
  type WebUnderTest,
} from '../web-under-test.ts';

const LOGIN = `/login/${UID}`;
const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Mobile/15E148';
const IPAD = 'Mozilla/5.0 (iPad; CPU OS 16_0 like Mac OS X) AppleWebKit/605 Mobile/15E148';
const ANDROID_TABLET = 'Mozilla/5.0 (Linux; Android 15; Tab) AppleWebKit/537.36 Chrome/140 Safari/537.36';
const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605 Version/18 Safari/605';

/** The flows on a page in order, and the style of each. */
function flowsOf(html: string): string[] {
  const found = html.matchAll(
    /name="show" value="(qr|web2app)"><button class="(\w+)|<a class="(\w+)" href="[^"]*\/code">/g,
  );
  return Array.from(found, ([, flow, look, codeLook]) => `${flow ?? 'notification'} ${look ?? codeLook}`);
}

describe('device', () => {
  for (const [name, headers, device] of [
    ['a phone by its client hint', { 'sec-ch-ua-mobile': '?1', 'user-agent': MAC }, 'phone'],
    [
      'a computer by its client hint',
      { 'sec-ch-ua-mobile': '?0', 'sec-ch-ua-platform': '"Windows"' },
      'computer',
    ],
    [
      'a tablet by its client hints',
      { 'sec-ch-ua-mobile': '?0', 'sec-ch-ua-platform': '"Android"' },
      'tablet',
    ],
    ['a phone by its user agent', { 'user-agent': IPHONE }, 'phone'],
    ['an iPad by its user agent, though it says Mobile', { 'user-agent': IPAD }, 'tablet'],
    ['an Android tablet by its user agent', { 'user-agent': ANDROID_TABLET }, 'tablet'],
    ['a computer by its user agent', { 'user-agent': MAC }, 'computer'],
    ['a computer by default', {}, 'computer'],
  ] as const) {
    it(`is ${name}`, () => {
      assert.equal(deviceOf(headers), device);
    });
  }
});

describe('choice of flows', () => {
  let web: WebUnderTest;
  const start = async (options?: WebOptions) => (web = await startWeb(options));
  afterEach(() => web.close());
  const flows = async (headers: Record<string, string> = {}) =>
    flowsOf(await (await web.get(LOGIN, headers)).text());

  it('is ordered by device, with a button for each flow', async () => {
    await start();
    assert.deepEqual(await flows({ 'user-agent': MAC }), [
      'qr primary',
      'notification plain',
      'web2app plain',
    ]);
    assert.deepEqual(await flows({ 'user-agent': IPHONE }), [
      'web2app primary',
      'qr secondary',
      'notification secondary',
    ]);
    assert.deepEqual(await flows({ 'user-agent': IPAD }), [
      'qr primary',
      'web2app secondary',
      'notification secondary',
    ]);
  });

  it('says on a phone that the QR code is for another device, and where the app opens', async () => {
    await start();
    const { showQr, showQrForOtherDevice, openApp, openAppOnThisDevice } = en.methods;
    const texts = async (agent: string) => {
      const text = textOf(await (await web.get(LOGIN, { 'user-agent': agent })).text());
      return [showQrForOtherDevice, showQr, openAppOnThisDevice, openApp].find((one) => text.includes(one));
    };
    assert.equal(await texts(IPHONE), showQrForOtherDevice);
    assert.equal(await texts(MAC), showQr);
  });

  it('begins with a sentence for the device', async () => {
    await start();
    for (const [agent, lead] of [
      [IPHONE, en.methods.phoneLead],
      [IPAD, en.methods.tabletLead],
      [MAC, en.methods.computerLead],
    ] as const) {
      const text = textOf(await (await web.get(LOGIN, { 'user-agent': agent })).text());
      assert.ok(text.includes(lead), lead);
    }
  });

  it('explains on a computer what to do with a QR code', async () => {
    await start();
    const html = await (await web.get(LOGIN)).text();
    assert.equal(headingOf(html), en.methods.heading);
    assert.deepEqual(
      Array.from(html.matchAll(/<li>(.*?)<\/li>/g), ([, step = '']) => textOf(step)).slice(0, 3),
      en.methods.steps,
    );
  });

  it('begins with the flow that was chosen last time', async () => {
    await start();
    const cookie = (flow: string) => ({ cookie: `${COOKIE}; sild_way=${flow}` });
    const choice = await web.get(`${LOGIN}?choose`, cookie('notification'));
    assert.deepEqual(flowsOf(await choice.text()), ['notification primary', 'qr secondary', 'web2app plain']);
    assert.deepEqual(await flows({ ...cookie('qr'), 'user-agent': IPHONE }), [
      'qr primary',
      'web2app secondary',
      'notification secondary',
    ]);
    assert.deepEqual(await flows(cookie('%22%3E<b>')), ['qr primary', 'notification plain', 'web2app plain']);
  });

  it('is left out for a person who used the personal code last time, unless they ask for it', async () => {
    await start();
    const cookie = `${COOKIE}; sild_way=notification; sild_country=LT`;
    const answer = await web.get(LOGIN, { cookie });
    assert.deepEqual([answer.status, answer.headers.get('location')], [303, `${LOGIN}/code`]);
    const form = await (await web.get(`${LOGIN}/code`, { cookie })).text();
    assert.match(form, /<option value="LT"[^>]* selected>/);
    assert.match(form, /<input id="personal_code"[^>]* autofocus/);
    assert.doesNotMatch(form, /<h1[^>]* autofocus/);
    const onPhone = await (await web.get(`${LOGIN}/code`, { cookie, 'user-agent': IPHONE })).text();
    assert.match(onPhone, /<h1[^>]* autofocus/, 'the keyboard would cover the page');
    assert.doesNotMatch(onPhone, /<input[^>]* autofocus/);
    await web.close();
    const notOffered = await start({ offered: { flows: ['qr', 'web2app'] } });
    assert.equal((await notOffered.get(LOGIN, { cookie })).status, 200);
  });

  it('begins the QR code by itself only where it is the likely flow, nothing was tried, and the page is no frame', async () => {
    await start();
    const starts = async (path: string, headers: Record<string, string> = {}) =>
      (await (await web.get(path, headers)).text()).includes(' data-start');
    const before = (flow: string) => ({ cookie: `${COOKIE}; sild_way=${flow}` });
    assert.equal(await starts(LOGIN), true);
    assert.equal(await starts(LOGIN, { 'sec-fetch-dest': 'document' }), true);
    assert.equal(await starts(LOGIN, { ...before('qr'), 'user-agent': IPHONE }), true);
    for (const dest of ['iframe', 'frame', 'object', 'embed', 'empty'])
      assert.equal(await starts(LOGIN, { 'sec-fetch-dest': dest }), false, dest);
    assert.equal(await starts(`${LOGIN}?choose`), false);
    for (const agent of [IPHONE, IPAD]) assert.equal(await starts(LOGIN, { 'user-agent': agent }), false);
    assert.equal(await starts(LOGIN, before('web2app')), false);
    web.login.fail('timeout');
    assert.equal(await starts(LOGIN), false);
  });

  it('is remembered by a cookie for the login pages', async () => {
    await start();
    const answers = [
      await web.post(`${LOGIN}/device-link`, { show: 'web2app' }),
      await web.post(`${LOGIN}/device-link`, { show: 'qr' }),
      await web.post(`${LOGIN}/code`, { country: 'EE', personal_code: '40504040001' }),
    ];
    assert.deepEqual(
      answers.map(
        (answer) => /sild_way=\w+; path=\/login/.exec(answer.headers.getSetCookie().join('\n'))?.[0],
      ),
      ['web2app', 'qr', 'notification'].map((flow) => `sild_way=${flow}; path=/login`),
    );
    for (const answer of answers) {
      const line = answer.headers.getSetCookie().find((one) => one.startsWith('sild_way=')) ?? '';
      const days = (Date.parse(/expires=([^;]+)/i.exec(line)?.[1] ?? '') - Date.now()) / 86_400_000;
      assert.equal(Math.round(days), 365);
    }
  });

  it('begins nothing when pages are loaded', async () => {
    await start();
    for (const path of ['', '/code', '/wait', '/device-link']) await web.get(LOGIN + path);
    assert.deepEqual([web.login.begun, web.login.state()], [[], undefined]);
  });

  it('is limited to the flows that the operator offers', async () => {
    await start({ offered: { flows: ['qr', 'notification'] } });
    assert.deepEqual(await flows({ 'user-agent': IPHONE }), ['qr primary', 'notification secondary']);
    const refused = await web.post(`${LOGIN}/device-link`, { show: 'web2app' });
    assert.equal(refused.headers.get('location'), LOGIN);
    assert.deepEqual(web.login.begun, []);
  });

  it('redirects to the form if the personal code is the only flow', async () => {
    await start({ offered: { flows: ['notification'] } });
    const answer = await web.get(LOGIN);
    assert.deepEqual([answer.status, answer.headers.get('location')], [303, `${LOGIN}/code`]);
    const form = await (await web.get(`${LOGIN}/code`)).text();
    assert.ok(!form.includes(en.methods.otherMethods) && !form.includes(en.methods.qrInstead));
  });

  it('has no push with the policy never', async () => {
    await start({ offered: { notificationPolicy: 'never' } });
    assert.deepEqual(await flows(), ['qr primary', 'web2app plain']);
  });

  it('has a push only in a known browser with the policy known-browser', async () => {
    await start({ offered: { notificationPolicy: 'known-browser' } });
    assert.deepEqual(await flows(), ['qr primary', 'web2app plain']);
    const cookie = `${COOKIE}; sild_browser=${TOKEN}`;
    assert.deepEqual(await flows({ cookie }), ['qr primary', 'web2app plain']);
    await web.knownBrowsers.remember(TOKEN, 'PNOEE-40504040001', 'PNOEE-40504040001-MOCK-Q', 0);
    assert.deepEqual(await flows({ cookie }), ['qr primary', 'notification plain', 'web2app plain']);
  });

  it('redirects to a login that is in progress', async () => {
    await start();
    web.login.waitForLink();
    assert.equal((await web.get(LOGIN)).headers.get('location'), `${LOGIN}/wait`);
  });

  it('has a button on the waiting page, which cancels the attempt', async () => {
    await start();
    web.login.wait();
    assert.match(
      await (await web.get(`${LOGIN}/wait`)).text(),
      new RegExp(
        `<form method="post" action="${LOGIN}/restart"><button class="plain">${en.methods.otherMethods}`,
      ),
    );
    const answer = await web.post(`${LOGIN}/restart`);
    assert.deepEqual([answer.status, answer.headers.get('location')], [303, `${LOGIN}?choose`]);
    assert.equal(web.login.state(), 'cancelled');
  });
});
