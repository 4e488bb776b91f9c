import { z } from 'zod';
import { type Country, validatePersonalCode } from '../../../identity/countries/rules.ts';
import { parseSemanticsIdentifier } from '../../../identity/semantics-identifier.ts';
import { appTextOf } from '../../branding/app-text.ts';
import { browserText } from '../../branding/browser-names.ts';
import { seeOther } from '../../context.ts';
import { type FlashError, setFlashError } from '../flash-error.ts';
import { rememberFlow } from '../flow-choice.ts';
import { accountKnownHere, hasOwnAllowance } from '../known-browser.ts';
import type { LoginPageContext, LoginPageDependencies } from '../page-context.ts';
import { pushRecipient } from '../push-recipient.ts';
import { offeredCountry, rememberCountry } from '../remembered-country.ts';
import { rememberedCode, wishRememberedCode } from '../remembered-code.ts';
import { startAttempt } from '../start-attempt.ts';
import { otherCountriesOf } from '../typed-code.ts';
import { drawPushRefused } from '../views/push-refused.ts';

const formSchema = z.object({
  country: z.string().max(2).catch(''),
  personal_code: z.string().max(64).catch(''),
  /** The box: let this browser remember the code. */
  remember: z.literal('yes').optional().catch(undefined),
  /** The one tap: the code that this browser remembers, which the page does not contain. */
  remembered: z.literal('yes').optional().catch(undefined),
});

/**
 * Begins the login of the person whose code was typed or is remembered, or whom the client expects. Submitting the form twice begins it once. A form with an error
 * redirects to its own address, which shows what was typed and what is wrong.
 */
export async function beginNotification(
  page: LoginPageContext,
  dependencies: LoginPageDependencies,
): Promise<void> {
  const { login, checkDigit, countryHeader } = dependencies;
  const { ctx, uid, path, interaction, offered, device, messages } = page;
  if (!(await page.flows()).includes('notification')) {
    refusePush('way_not_offered');
    return;
  }
  const identifier = identifierOfForm();
  if (identifier === undefined) return;
  const account = await accountKnownHere(dependencies, ctx, identifier);
  const onlyKnown = offered.notificationPolicy === 'known-browser';
  if (onlyKnown && !account) {
    refusePush('browser_not_known', identifier);
    return;
  }
  rememberFlow(ctx, 'notification');
  const { certificateLevel, settings } = interaction;
  const knownBrowser = account !== undefined;
  const attempt = await login.begin({
    flow: 'notification',
    interactionUid: uid,
    clientId: interaction.client.id,
    ...appTextOf(interaction.client, messages, { knownBrowser, headers: ctx.headers, countryHeader }),
    address: ctx.ip,
    browser: browserText(ctx.headers),
    knownBrowser,
    hasOwnAllowance: await hasOwnAllowance(dependencies, ctx, identifier, offered),
    // On the device that gets the push, the app covers the page: the code is shown first.
    codeFirst: device !== 'computer',
    // By the stricter policy the push goes to the account that this browser knows, not to all devices of the person.
    ...(onlyKnown && account ? account : { identifier }),
    certificateLevel,
    relyingParty: settings.relyingParty,
    keepsEvidence: interaction.wantsReceipt,
  });
  await startAttempt(page, dependencies, attempt);
  seeOther(ctx, `${path}/wait?sent`);

  /** Whom the form is for, or `undefined` after a redirect back to it. Nothing is typed for the person whom the client expects. */
  function identifierOfForm(): string | undefined {
    const recipient = pushRecipient(interaction);
    if (typeof recipient === 'object') return recipient.identifier;
    const form = formSchema.parse(ctx.request.body);
    const { country: asked, number: personalCode } = (form.remembered &&
      rememberedCode(dependencies, ctx)) ?? { country: form.country, number: form.personal_code };
    const country = offeredCountry(offered.countries, asked);
    const remember = form.remember !== undefined;
    if (country === undefined) {
      askAgain({ personalCode, remember, error: 'country' });
      return undefined;
    }
    rememberCountry(ctx, country);
    const checked = validatePersonalCode(country, personalCode, { checkDigit });
    if (checked.ok) {
      const { number } = parseSemanticsIdentifier(checked.identifier);
      if (!form.remembered) wishRememberedCode(dependencies, ctx, { country, number }, remember);
      return checked.identifier;
    }
    askAgain({ ...mistakeOf(country, personalCode, checked.error), remember });
    return undefined;
  }

  /** If a code does not fit the chosen country but exactly one other, that country is chosen and the person is asked to confirm. */
  function mistakeOf(
    country: Country,
    personalCode: string,
    error: 'empty' | 'format' | 'check_digit',
  ): FlashError {
    const others = otherCountriesOf(offered.countries, { country, number: personalCode });
    const [other] = others;
    return error === 'format' && other !== undefined && others.length === 1
      ? { country: other, personalCode, error: 'other_country' }
      : { country, personalCode, error };
  }

  function refusePush(code: 'way_not_offered' | 'browser_not_known', person?: string): void {
    const client = interaction.client.id;
    dependencies.audit.record({ event: 'push_refused', code, client, person, address: ctx.ip });
    drawPushRefused(page, dependencies);
  }

  function askAgain(error: FlashError): void {
    setFlashError(page, dependencies, error);
    seeOther(ctx, `${path}/code`);
  }
}
