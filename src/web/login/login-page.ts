import { z } from 'zod';
import { type Country, personalCodeRules, validatePersonalCode } from '../../identity/countries/rules.ts';
import { isLive } from '../../login/attempt.ts';
import type { LoginInteraction } from '../../oidc/login-interaction.ts';
import type { WebContext } from '../context.ts';
import type { LoginPage } from '../page-models.ts';
import { loginPath } from '../../oidc/protocol.ts';
import { explainFinished, explainMissing, findInteraction, seeOther } from './found-login.ts';
import { isPhone } from './phone.ts';
import type { LoginRooms } from './handler.ts';

const COUNTRY_COOKIE = 'sild_country';
const COUNTRY_COOKIE_MS = 365 * 24 * 60 * 60 * 1000;
const DEFAULT_COUNTRY: Country = 'EE';
/** The shortest look at a session that Smart-ID offers, in milliseconds. */
const SHORT_LOOK_MS = 1_000;

const countrySchema = z.enum(Object.keys(personalCodeRules) as [Country, ...Country[]]);
const formSchema = z.object({
  country: countrySchema.optional().catch(undefined),
  personal_code: z.string().max(64).catch(''),
});

/** The form, or onward to the waiting page where the login already goes on: a reload, the back button, another tab. */
export async function showLogin(rooms: LoginRooms, ctx: WebContext, uid: string): Promise<void> {
  const interaction = await findInteraction(rooms, ctx, uid);
  if (!interaction) return explainMissing(rooms, ctx, uid);
  const attempt = await rooms.login.current(uid);
  if (attempt && isLive(attempt)) {
    seeOther(ctx, `${loginPath(uid)}/wait`);
  } else if (attempt?.state === 'finished') {
    explainFinished(rooms, ctx, interaction);
  } else {
    const country = countrySchema.catch(DEFAULT_COUNTRY).parse(ctx.cookies.get(COUNTRY_COOKIE));
    drawForm(rooms, ctx, interaction, { country, personalCode: '', error: undefined });
  }
}

/** Begins the login of the person whose code was typed. Submitting twice begins it once. */
export async function beginLogin(rooms: LoginRooms, ctx: WebContext, uid: string): Promise<void> {
  const { login, pages, checkDigit } = rooms;
  const interaction = await findInteraction(rooms, ctx, uid);
  if (!interaction) return explainMissing(rooms, ctx, uid);
  if ((await login.current(uid))?.state === 'finished') {
    explainFinished(rooms, ctx, interaction);
    return;
  }
  const { country, personal_code: personalCode } = formSchema.parse(ctx.request.body ?? {});
  if (country === undefined) {
    drawForm(rooms, ctx, interaction, { country: DEFAULT_COUNTRY, personalCode, error: 'country' });
    return;
  }
  ctx.cookies.set(COUNTRY_COOKIE, country, { maxAge: COUNTRY_COOKIE_MS, sameSite: 'lax', path: '/login' });
  const checked = validatePersonalCode(country, personalCode, { checkDigit });
  if (!checked.ok) {
    drawForm(rooms, ctx, interaction, { country, personalCode, error: checked.error });
    return;
  }
  const attempt = await login.begin({
    interactionUid: uid,
    clientId: interaction.client.id,
    identifier: checked.identifier,
    displayText: pages.messages.appText(interaction.client.name),
    codeFirst: isPhone(ctx.headers),
  });
  if (attempt.state === 'pending' && !attempt.codeFirst) await login.advance(attempt, SHORT_LOOK_MS);
  seeOther(ctx, `${loginPath(uid)}/wait?sent`);
}

interface FormState {
  readonly country: Country;
  readonly personalCode: string;
  readonly error: 'country' | 'empty' | 'format' | 'check_digit' | undefined;
}

function drawForm(rooms: LoginRooms, ctx: WebContext, interaction: LoginInteraction, state: FormState): void {
  const { pages } = rooms;
  const { countries, hints, errors } = pages.messages.login;
  const hintOf = (country: Country) => hints[country](personalCodeRules[country].example);
  const path = loginPath(interaction.uid);
  pages.draw(ctx, state.error === undefined ? 200 : 422, 'login', {
    service: interaction.client,
    action: path,
    cancelAction: `${path}/cancel`,
    countries: countrySchema.options.map((code) => ({
      code,
      name: countries[code],
      hint: hintOf(code),
      selected: code === state.country,
    })),
    hint: hintOf(state.country),
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
