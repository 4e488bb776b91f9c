import { FLOW_TRAITS } from '../../../flows/flows.ts';
import { isLive } from '../../../login/attempt.ts';
import { seeOther } from '../../context.ts';
import type { LoginPageContext, LoginPageDependencies } from '../page-context.ts';
import { drawFlows } from '../views/flows.ts';

/**
 * The flows to choose from, the likeliest first. Loading the page begins nothing: each flow is a button or a link.
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
  if (first !== undefined && flows.length === 1 && FLOW_TRAITS[first].sendsPush) {
    // The form is a page of its own, so a page with one link to it would only add a step.
    seeOther(ctx, `${path}/code`);
    return;
  }
  await drawFlows(page, dependencies, flows);
}
