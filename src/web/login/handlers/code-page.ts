import { z } from 'zod';
import { type Country, personalCodeRules, validatePersonalCode } from '../../../identity/countries/rules.ts';
import { isLive } from '../../../login/attempt.ts';
import type { LoginInteraction } from '../../../oidc/interaction/login-interaction.ts';
import { appTextOf } from '../../branding/branded-client.ts';
import type { WebContext } from '../../context.ts';
import { type Cookie, cookieOf, setCookie } from '../../cookies.ts';
import type { LoginPage } from '../../pages/page-models.ts';
import { loginPath } from '../../../oidc/provider/protocol.ts';
import { deviceOf } from '../device.ts';
import { explainFinished, explainMissing, findInteraction, seeOther } from '../interaction-lookup.ts';
import { type FormMistake, keepMistake, takeMistake } from '../form-mistake.ts';
import type { LoginRooms } from '../handler.ts';
import { accountKnownHere } from '../known-browser.ts';
import { linkInstead } from '../views/link-instead.ts';
import { hintedCode } from '../login-hint.ts';
import { rememberWay, waysHere } from '../ways.ts';

const REMEMBERED_COUNTRY: Cookie = { name: 'sild_country', path: '/login' };
const REMEMBERED_MS = 365 * 24 * 60 * 60 * 1000;
/** The shortest look at a session that Smart-ID offers, in milliseconds. */
const SHORT_LOOK_MS = 1_000;

const formSchema = z.object({
  country: z.string().max(2).catch(''),
  personal_code: z.string().max(64).catch(''),
});

/**
 * The form for a personal code. Onward to the waiting page where a push is already out; a QR code that was shown before
 * is left alone until the form is sent, since the person may go back to it.
 */
export async function showCode(rooms: LoginRooms, ctx: WebContext, uid: string): Promise<void> {
  const interaction = await findInteraction(rooms, ctx, uid);
  if (!interaction) return explainMissing(rooms, ctx, uid);
  const attempt = await rooms.login.current(uid);
  if (attempt?.state === 'finished') {
    explainFinished(rooms, ctx, interaction);
  } else if (
    attempt &&
    isLive(attempt) &&
    (attempt.flow === 'notification' || attempt.state === 'authenticated')
  ) {
    seeOther(ctx, `${loginPath(uid)}/wait`);
  } else if (!(await waysHere(rooms, ctx)).includes('code')) {
    explainPushNotHere(rooms, ctx, interaction);
  } else {
    await drawForm(rooms, ctx, interaction, {
      country: offeredCountry(rooms, cookieOf(ctx, REMEMBERED_COUNTRY)),
      personalCode: '',
      ...(takeMistake(rooms, ctx, uid) ?? hintedCode(rooms.offered.countries, interaction)),
    });
  }
}

/**
 * Begins the login of the person whose code was typed. Submitting twice begins it once. A form with a mistake in it leads
 * back to its own address, which shows what was typed and what is wrong.
 */
export async function beginNotification(rooms: LoginRooms, ctx: WebContext, uid: string): Promise<void> {
  const { login, checkDigit, audit } = rooms;
  const interaction = await findInteraction(rooms, ctx, uid);
  if (!interaction) return explainMissing(rooms, ctx, uid);
  if ((await login.current(uid))?.state === 'finished') {
    explainFinished(rooms, ctx, interaction);
    return;
  }
  const client = interaction.client.id;
  if (!(await waysHere(rooms, ctx)).includes('code')) {
    audit.record({ event: 'push_refused', code: 'way_not_offered', client, address: ctx.ip });
    explainPushNotHere(rooms, ctx, interaction);
    return;
  }
  const { country: asked, personal_code: personalCode } = formSchema.parse(ctx.request.body ?? {});
  const country = offeredCountry(rooms, asked);
  if (country === undefined) {
    askAgain({ personalCode, error: 'country' });
    return;
  }
  setCookie(ctx, REMEMBERED_COUNTRY, country, REMEMBERED_MS);
  const checked = validatePersonalCode(country, personalCode, { checkDigit });
  if (!checked.ok) {
    askAgain({ country, personalCode, error: checked.error });
    return;
  }
  const account = await accountKnownHere(rooms, ctx, checked.identifier);
  const onlyKnown = rooms.offered.notificationPolicy === 'known-browser';
  if (onlyKnown && !account) {
    const person = checked.identifier;
    audit.record({ event: 'push_refused', code: 'browser_not_known', client, person, address: ctx.ip });
    explainPushNotHere(rooms, ctx, interaction);
    return;
  }
  rememberWay(ctx, 'code');
  const attempt = await login.begin({
    flow: 'notification',
    interactionUid: uid,
    clientId: client,
    displayText: appTextOf(interaction.client, rooms.pages.messages, account !== undefined),
    address: ctx.ip,
    knownBrowser: account !== undefined,
    // The app covers the page on the device that gets the push.
    codeFirst: deviceOf(ctx.headers) !== 'computer',
    // Anybody may ask every device of a person; by the stricter policy it is the account that this browser knows.
    ...(onlyKnown && account ? account : { identifier: checked.identifier }),
  });
  if (attempt.state === 'pending' && !attempt.codeFirst) await login.advance(attempt, SHORT_LOOK_MS);
  seeOther(ctx, `${loginPath(uid)}/wait?sent`);

  function askAgain(mistake: FormMistake): void {
    keepMistake(rooms, ctx, uid, mistake);
    seeOther(ctx, `${loginPath(uid)}/code`);
  }
}

/** By policy, strangers who know a code cannot make phones ring: a device link comes first. */
function explainPushNotHere(
  { pages, offered }: LoginRooms,
  ctx: WebContext,
  interaction: LoginInteraction,
): void {
  const { notices, action } = pages.messages;
  const path = loginPath(interaction.uid);
  pages.notice(ctx, 403, {
    ...notices.pushNotHere,
    service: interaction.client,
    actions: [
      linkInstead(ctx, interaction, offered, pages.messages),
      { kind: 'post', href: `${path}/cancel`, text: action.backTo(interaction.client.name), look: 'plain' },
    ],
  });
}

function offeredCountry({ offered }: LoginRooms, code: string | undefined): Country | undefined {
  return offered.countries.find((country) => country === code);
}

/** What the form shows. Without a country: the first one on offer. */
type FormState = Omit<FormMistake, 'error'> & Partial<Pick<FormMistake, 'error'>>;

/** Where a QR code is what most people would take instead, it is one press away; the rest is on the page of the ways. */
async function otherWaysOf(
  rooms: LoginRooms,
  ctx: WebContext,
  path: string,
): Promise<Pick<LoginPage, 'qrAction' | 'otherWays'>> {
  const others = (await waysHere(rooms, ctx)).filter((way) => way !== 'code');
  const qr = others.includes('qr') && deviceOf(ctx.headers) === 'computer';
  return {
    qrAction: qr ? `${path}/device-link` : undefined,
    otherWays: others.length > 0 && !qr ? path : undefined,
  };
}

async function drawForm(
  rooms: LoginRooms,
  ctx: WebContext,
  interaction: LoginInteraction,
  state: FormState,
): Promise<void> {
  const { pages } = rooms;
  const { countries, hints, errors } = pages.messages.login;
  const hintOf = (country: Country) => hints[country](personalCodeRules[country].example);
  const [first = 'EE'] = rooms.offered.countries;
  const selected = state.country ?? first;
  const path = loginPath(interaction.uid);
  pages.draw(ctx, 200, 'login', {
    service: interaction.client,
    action: `${path}/code`,
    ...(await otherWaysOf(rooms, ctx, path)),
    cancelAction: `${path}/cancel`,
    countries: rooms.offered.countries.map((code) => ({
      code,
      name: countries[code],
      hint: hintOf(code),
      selected: code === selected,
    })),
    hint: hintOf(selected),
    personalCode: state.personalCode,
    error: errorOf(state.error),
  });

  function errorOf(error: FormState['error']): LoginPage['error'] {
    switch (error) {
      case undefined:
        return undefined;
      case 'country':
        return { field: 'country', text: errors.country };
      case 'empty':
        return { field: 'personal_code', text: errors.empty };
      case 'format':
        return { field: 'personal_code', text: errors.format };
      case 'check_digit':
        return { field: 'personal_code', text: errors.checkDigit };
    }
  }
}
