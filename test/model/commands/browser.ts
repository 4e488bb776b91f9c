/** What people do in their browsers. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LANGUAGES } from '../../../src/config/languages.ts';
import { clientAt } from '../clients.ts';
import type { Login } from '../facts.ts';
import { personAt } from '../people.ts';
import type { Action } from '../system/page.ts';
import { ISSUER } from '../system/system.ts';
import { anyNumber, command, loginAt, type ModelCommand, type Real } from './command.ts';

type Begun = Login & { path: string };

const hasLogin = (index: number) => (facts: Parameters<typeof loginAt>[0]) =>
  loginAt(facts, index) !== undefined;

/** The person does something that may end the attempt. */
function changeMind(real: Real, login: Login): void {
  login.lastChangeOfMind = ++real.facts.order;
}

function ask(real: Real, login: Login): void {
  changeMind(real, login);
  login.begunAt = real.system.clock.now();
}

async function chooseLink(real: Real, login: Begun, show: 'qr' | 'web2app'): Promise<void> {
  ask(real, login);
  await real.post(login, `${login.path}/device-link`, { show });
}

async function typeCode(real: Real, login: Begun, index: number): Promise<void> {
  const { country, personalCode } =
    login.expected?.by === 'login_hint' ? login.expected.person : personAt(index);
  ask(real, login);
  await real.post(login, `${login.path}/code`, { country, personal_code: personalCode });
}

/** @returns whether the login has its pages */
export async function beginLogin(
  real: Real,
  login: Login,
  by: 'push' | 'QR' | 'Web2App',
  person: number,
): Promise<boolean> {
  const { path } = login;
  if (path === undefined) return false;
  const begun = Object.assign(login, { path });
  if (by === 'push') {
    await typeCode(real, begun, person);
    // On a phone the request is sent after the code was shown.
    if (login.sessions.length === 0) await waitForPage(real, login);
    if (login.sessions.length === 0) await waitForPage(real, login);
  } else await chooseLink(real, begun, by === 'QR' ? 'qr' : 'web2app');
  return true;
}

/** Back to the choice of the way to log in. */
export async function startOver(real: Real, login: Login): Promise<void> {
  if (login.path === undefined) return;
  changeMind(real, login);
  await real.post(login, `${login.path}/restart`, {});
}

async function press(real: Real, login: Begun, action: Action): Promise<void> {
  if (action.kind === 'link') {
    if (action.href.origin === ISSUER) await real.get(login, action.href);
    return;
  }
  if (action.action.origin !== ISSUER) return;
  ask(real, login);
  const isCodeForm = action.action.pathname.endsWith('/code');
  const { country, personalCode } = personAt(login.number);
  await real.post(login, action.action, {
    ...action.fields,
    ...(isCodeForm && { country, personal_code: personalCode }),
  });
}

/** The page goes on by itself, as without JavaScript. */
export async function waitForPage(real: Real, login: Login): Promise<void> {
  const refresh = login.page?.refresh;
  if (refresh?.url.origin !== ISSUER) return;
  real.system.clock.move(refresh.seconds * 1_000);
  await real.get(login, refresh.url);
}

export const browserCommands: readonly fc.Arbitrary<ModelCommand>[] = [
  fc
    .record({
      client: anyNumber,
      browser: fc.nat({ max: 1 }),
      expected: fc.option(
        fc.record({ person: fc.nat({ max: 1 }), by: fc.constantFrom('login_hint', 'sub') }),
        {
          nil: undefined,
        },
      ),
    })
    .map((asked) =>
      command(
        'open',
        asked,
        ({ logins }) => logins.length < 6,
        (_, real) =>
          real.open({
            client: clientAt(asked.client),
            browser: asked.browser,
            expected: asked.expected && { person: personAt(asked.expected.person), by: asked.expected.by },
          }),
      ),
    ),
  fc
    .record({ login: anyNumber, show: fc.constantFrom('qr' as const, 'web2app' as const) })
    .map(({ login, show }) =>
      command(show === 'qr' ? 'QR code' : 'app link', { login }, hasLogin(login), async (facts, real) => {
        const chosen = loginAt(facts, login);
        if (chosen) await chooseLink(real, chosen, show);
      }),
    ),
  fc.record({ login: anyNumber, person: fc.nat({ max: 1 }) }).map(({ login, person }) =>
    command('personal code', { login, person }, hasLogin(login), async (facts, real) => {
      const chosen = loginAt(facts, login);
      if (chosen) await typeCode(real, chosen, person);
    }),
  ),
  fc.record({ login: anyNumber, poll: fc.boolean() }).map(({ login, poll }) =>
    command('reload', { login, poll }, hasLogin(login), async (facts, real) => {
      const chosen = loginAt(facts, login);
      if (chosen) await real.get(chosen, `${chosen.path}/wait${poll ? '?poll' : ''}`);
    }),
  ),
  fc.record({ login: anyNumber, times: fc.integer({ min: 1, max: 3 }) }).map(({ login, times }) =>
    command('wait', { login, times }, hasLogin(login), async (facts, real) => {
      const chosen = loginAt(facts, login);
      for (let time = 0; chosen && time < times; time++) await waitForPage(real, chosen);
    }),
  ),
  fc.record({ login: anyNumber, steps: anyNumber }).map(({ login, steps }) =>
    command('back', { login, steps }, hasLogin(login), async (facts, real) => {
      const chosen = loginAt(facts, login);
      const url = chosen?.history.at(-1 - (steps % Math.max(1, chosen.history.length)));
      if (chosen && url) await real.get(chosen, url);
    }),
  ),
  fc.record({ login: anyNumber, action: anyNumber }).map(({ login, action }) =>
    command('press', { login, action }, hasLogin(login), async (facts, real) => {
      const chosen = loginAt(facts, login);
      const { actions = [] } = chosen?.page ?? {};
      const pressed = actions[action % Math.max(1, actions.length)];
      if (chosen && pressed) await press(real, chosen, pressed);
    }),
  ),
  fc
    .record({ login: anyNumber, how: fc.constantFrom('cancel' as const, 'restart' as const) })
    .map(({ login, how }) =>
      command(how, { login }, hasLogin(login), async (facts, real) => {
        const chosen = loginAt(facts, login);
        if (!chosen) return;
        changeMind(real, chosen);
        await real.post(chosen, `${chosen.path}/${how}`, {});
      }),
    ),
  fc.record({ login: anyNumber, to: fc.constantFrom(...LANGUAGES) }).map(({ login, to }) =>
    command('language', { login, to }, hasLogin(login), async (facts, real) => {
      const chosen = loginAt(facts, login);
      if (!chosen) return;
      const query = new URLSearchParams({ to, back: chosen.page?.url.pathname ?? chosen.path });
      await real.get(chosen, `/language?${query.toString()}`);
    }),
  ),
  fc.record({ login: anyNumber, form: fc.boolean() }).map(({ login, form }) =>
    command('second tab', { login, form }, hasLogin(login), async (facts, real) => {
      const chosen = loginAt(facts, login);
      if (chosen) await real.get(chosen, form ? `${chosen.path}/code` : chosen.path);
    }),
  ),
  fc
    .record({ login: anyNumber, page: fc.constantFrom('', '/wait', '/wait?poll', '/code', '/status') })
    .map(({ login, page }) =>
      command('second browser', { login, page }, hasLogin(login), async (facts, real) => {
        const chosen = loginAt(facts, login);
        if (!chosen) return;
        const shown = await real.get(chosen, `${chosen.path}${page}`, 1 - chosen.browser);
        assert.ok(
          shown === undefined || shown.status >= 400 || !shown.text.includes('<form'),
          'another browser can do nothing with the address of a login',
        );
      }),
    ),
  fc.record({ login: anyNumber }).map(({ login }) =>
    command('status', { login }, hasLogin(login), async (facts, real) => {
      const chosen = loginAt(facts, login);
      if (chosen) await real.get(chosen, `${chosen.path}/status`);
    }),
  ),
  fc
    .record({
      login: anyNumber,
      acts: fc.array(fc.constantFrom('poll', 'wait', 'cancel', 'qr', 'code', 'resume'), {
        minLength: 2,
        maxLength: 3,
      }),
    })
    .map(({ login, acts }) =>
      command('at the same time', { login, acts }, hasLogin(login), async (facts, real) => {
        const chosen = loginAt(facts, login);
        if (!chosen) return;
        await Promise.all(acts.map((act) => doAtOnce(real, chosen, act)));
        // Which of them came last is not known.
        if (acts.some((act) => ['cancel', 'qr', 'code'].includes(act))) changeMind(real, chosen);
      }),
    ),
];

async function doAtOnce(real: Real, login: Begun, act: string): Promise<void> {
  switch (act) {
    case 'poll':
      await real.get(login, `${login.path}/wait?poll`);
      return;
    case 'wait':
      await real.get(login, `${login.path}/wait`);
      return;
    case 'resume':
      await real.get(login, login.path.replace('/login/', '/authorize/'));
      return;
    case 'qr':
      await chooseLink(real, login, 'qr');
      return;
    case 'code':
      await typeCode(real, login, 0);
      return;
    default:
      changeMind(real, login);
      await real.post(login, `${login.path}/cancel`, {});
  }
}
