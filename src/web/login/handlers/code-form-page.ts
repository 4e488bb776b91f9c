import { FLOW_TRAITS } from '../../../flows/flows.ts';
import { type Attempt, isLive } from '../../../login/attempt.ts';
import { seeOther } from '../../context.ts';
import { cookieOf } from '../../cookies.ts';
import { consumeFlashError } from '../flash-error.ts';
import { accountKnownHere } from '../known-browser.ts';
import type { LoginPageContext, LoginPageDependencies } from '../page-context.ts';
import { pushRecipient } from '../push-recipient.ts';
import { COUNTRY_COOKIE, offeredCountry } from '../remembered-country.ts';
import { type PersonalCode, rememberedCode, wishesToRemember } from '../remembered-code.ts';
import { typedCodeOf } from '../typed-code.ts';
import { drawCodeForm } from '../views/code-form.ts';
import { drawPushRefused } from '../views/push-refused.ts';

/**
 * The form for a personal code, with what was typed before, or what this browser remembers; `?other` is for another person.
 * Redirects to the waiting page if a push was already sent. A QR code that was shown before stays valid until the form is
 * submitted, because the person may go back to it.
 */
export async function showCodeForm(
  page: LoginPageContext,
  dependencies: LoginPageDependencies,
): Promise<void> {
  const { ctx, path, attempt } = page;
  const { countries } = page.offered;
  if (attempt && isInProgress(attempt)) {
    seeOther(ctx, `${path}/wait`);
  } else if (!(await page.flows()).includes('notification')) {
    drawPushRefused(page, dependencies);
  } else {
    const typed = typedCodeOf(page, attempt);
    const remembered = codeRememberedFor(page, dependencies);
    const filled = typed ?? (ctx.query.other === undefined ? remembered : undefined);
    const asked = typeof ctx.query.country === 'string' ? ctx.query.country : filled?.country;
    const known = offeredCountry(countries, cookieOf(ctx, COUNTRY_COOKIE));
    const mistake = consumeFlashError(page, dependencies);
    await drawCodeForm(page, dependencies, {
      country: asked === undefined ? known : offeredCountry(countries, asked),
      personalCode: filled?.number ?? '',
      // A person who comes back only has to type; on a phone the keyboard would cover the page.
      focusCode: known !== undefined && page.device === 'computer' && !mistake && !filled,
      oneTap: !mistake && filled !== undefined && filled === remembered && (await isKnownHere(filled)),
      ...mistake,
      remember: dependencies.offersToRemember
        ? (mistake?.remember ?? wishesToRemember(dependencies, ctx, filled))
        : undefined,
    });
  }

  async function isKnownHere({ country, number }: PersonalCode): Promise<boolean> {
    return (await accountKnownHere(dependencies, ctx, `PNO${country}-${number}`)) !== undefined;
  }
}

/** Only where anybody may log in: a login for one particular person is one that anybody can open. */
function codeRememberedFor(
  { ctx, interaction, offered: { countries } }: LoginPageContext,
  dependencies: LoginPageDependencies,
): PersonalCode | undefined {
  if (pushRecipient(interaction) !== 'anybody') return undefined;
  const code = rememberedCode(dependencies, ctx);
  return code && countries.includes(code.country) ? code : undefined;
}

/** Whether the form would disturb the attempt: a device link that is not answered yet can wait while the form is open. */
function isInProgress(attempt: Attempt): boolean {
  if (!isLive(attempt)) return false;
  return FLOW_TRAITS[attempt.flow].sendsPush || attempt.state === 'authenticated';
}
