import { FLOW_TRAITS } from '../../../flows/flows.ts';
import { isLive } from '../../../login/attempt.ts';
import { seeOther, type WebContext } from '../../context.ts';
import { rememberedFlow } from '../flow-choice.ts';
import type { LoginPageContext, LoginPageDependencies } from '../page-context.ts';
import { drawFlows } from '../views/flows.ts';

/**
 * The flows to choose from, the likeliest first. Loading the page begins nothing: each flow is a button or a link. Only a script
 * begins one by itself, once the page is visible.
 *
 * - A person who used the personal code last time gets its form.
 * - `?choose`: the person wants to choose, so nothing is chosen.
 *
 * Redirects to the waiting page if the login is already in progress: after a reload, the back button, in another tab.
 */
export async function showFlows(page: LoginPageContext, dependencies: LoginPageDependencies): Promise<void> {
  const { ctx, path, attempt } = page;
  if (attempt && isLive(attempt)) {
    seeOther(ctx, `${path}/wait`);
    return;
  }
  const flows = await page.flows();
  const [first] = flows;
  const chooses = ctx.query.choose !== undefined;
  const isHabit = first === rememberedFlow(ctx) && !chooses;
  if (first !== undefined && FLOW_TRAITS[first].sendsPush && (flows.length === 1 || isHabit)) {
    // The form is a page of its own, so a page with one link to it would only add a step.
    seeOther(ctx, `${path}/code`);
    return;
  }
  const begins = first === 'qr' && (page.device === 'computer' || isHabit);
  await drawFlows(page, dependencies, flows, {
    // After an attempt that failed or was cancelled, the person decides.
    startsQr: begins && !chooses && attempt === undefined && isWholePage(ctx),
  });
}

/** Whether the browser loads the page into a tab, not into a frame. Browsers without the header obey `frame-ancestors`. */
function isWholePage(ctx: WebContext): boolean {
  return ['', 'document'].includes(ctx.get('Sec-Fetch-Dest'));
}
