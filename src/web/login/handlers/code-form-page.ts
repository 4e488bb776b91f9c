import { FLOW_TRAITS } from '../../../flows/flows.ts';
import { type Attempt, isLive } from '../../../login/attempt.ts';
import { seeOther } from '../../context.ts';
import { cookieOf } from '../../cookies.ts';
import { consumeFlashError } from '../flash-error.ts';
import type { LoginPageContext, LoginPageDependencies } from '../page-context.ts';
import { COUNTRY_COOKIE, offeredCountry } from '../remembered-country.ts';
import { typedCodeOf } from '../typed-code.ts';
import { drawCodeForm } from '../views/code-form.ts';
import { drawPushRefused } from '../views/push-refused.ts';

/**
 * The form for a personal code, with what was typed before. Redirects to the waiting page if a push was already sent. A QR code that was shown before stays
 * valid until the form is submitted, because the person may go back to it.
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
    const asked = typeof ctx.query.country === 'string' ? ctx.query.country : typed?.country;
    const known = offeredCountry(countries, cookieOf(ctx, COUNTRY_COOKIE));
    const mistake = consumeFlashError(page, dependencies);
    await drawCodeForm(page, dependencies, {
      country: asked === undefined ? known : offeredCountry(countries, asked),
      personalCode: typed?.number ?? '',
      // A person who comes back only has to type; on a phone the keyboard would cover the page.
      focusCode: known !== undefined && page.device === 'computer' && !mistake && !typed,
      ...mistake,
    });
  }
}

/** Whether the form would disturb the attempt: a device link that is not answered yet can wait while the form is open. */
function isInProgress(attempt: Attempt): boolean {
  if (!isLive(attempt)) return false;
  return FLOW_TRAITS[attempt.flow].sendsPush || attempt.state === 'authenticated';
}
