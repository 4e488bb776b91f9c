import { z } from 'zod';
import { type DeviceLinkFlow, type Flow, FLOW_TRAITS, isDeviceLinkFlow } from '../../../flows/flows.ts';
import { isUnanswered } from '../../../login/attempt.ts';
import { appTextOf } from '../../branding/app-text.ts';
import { browserText } from '../../branding/browser-names.ts';
import { seeOther, wantsJson } from '../../context.ts';
import { flowSchema, rememberFlow } from '../flow-choice.ts';
import { accountKnownHere } from '../known-browser.ts';
import type { LoginPageContext, LoginPageDependencies } from '../page-context.ts';
import { startAttempt } from '../start-attempt.ts';

const formSchema = z.object({
  show: flowSchema,
  /** The attempt whose code has expired, and which the new one replaces. */
  instead_of: z.string().max(64).optional().catch(undefined),
});

/** The answer to a script. */
interface BegunDeviceLink {
  /** The page of the attempt. */
  readonly wait: string;
  /** Opens the app; absent with a QR code, and where the session could not be created. */
  readonly link: string | undefined;
}

/**
 * Begins a login by device link: one session for the QR code and for the app on this device. Submitting twice begins it once,
 * also for "show a new code": only the attempt that the page showed is cancelled. A script gets JSON, and opens the app in the
 * gesture of the person who tapped the button.
 */
export async function beginDeviceLink(
  page: LoginPageContext,
  dependencies: LoginPageDependencies,
): Promise<void> {
  const { login, links, countryHeader } = dependencies;
  const { ctx, uid, path, interaction, offered, messages, attempt: before } = page;
  const { show, instead_of: insteadOf } = formSchema.parse(ctx.request.body);
  const flow = linkFlowOf(show);
  if (!offered.flows.includes(flow)) {
    seeOther(ctx, path);
    return;
  }
  if (before && before.id === insteadOf && isUnanswered(before)) await login.cancel(before);
  rememberFlow(ctx, flow);
  const { expectedPerson: identifier, certificateLevel, settings } = interaction;
  const knownBrowser = await isKnown(identifier);
  const attempt = await login.begin({
    flow,
    interactionUid: uid,
    clientId: interaction.client.id,
    ...appTextOf(interaction.client, messages, { knownBrowser, headers: ctx.headers, countryHeader }),
    address: ctx.ip,
    browser: browserText(ctx.headers),
    ...(identifier === undefined ? {} : { identifier }),
    certificateLevel,
    relyingParty: settings.relyingParty,
    keepsEvidence: interaction.wantsReceipt,
    answerBy: offered.flows.filter(isDeviceLinkFlow),
  });
  const started = await startAttempt(page, dependencies, attempt);
  if (wantsJson(ctx)) {
    const opens = FLOW_TRAITS[flow].shows === 'app_link' && started.state === 'waiting';
    const link = opens ? links.appLink(started.session, messages.language) : undefined;
    ctx.body = { wait: `${path}/wait?show=${flow}`, link } satisfies BegunDeviceLink;
    return;
  }
  seeOther(ctx, `${path}/wait?show=${flow}&sent`);

  /**
   * Where nobody is named, anybody may scan the code, and a warning at every QR code would be ignored: it is left out once anybody has
   * logged in here, though an attacker can see to that.
   */
  async function isKnown(person: string | undefined): Promise<boolean> {
    if (person === undefined) return page.isKnownBrowser();
    return (await accountKnownHere(dependencies, ctx, person)) !== undefined;
  }
}

function linkFlowOf(flow: Flow | undefined): DeviceLinkFlow {
  return flow !== undefined && isDeviceLinkFlow(flow) ? flow : 'qr';
}
