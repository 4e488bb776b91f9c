import { type Flow, FLOW_TRAITS } from '../../../flows/flows.ts';
import type { WaitPage } from '../../pages/page-models.ts';
import {
  browserStateOf,
  SECONDS_OF_QR,
  SECONDS_TO_ANSWER,
  shownFlow,
  type WaitedForAttempt,
} from '../browser-state.ts';
import type { LoginPageContext, LoginPageDependencies } from '../page-context.ts';
import { qrCodeSvg } from './qr-code.ts';

/**
 * The page of an attempt that waits for the person: the QR code, the link that opens the app here, or the code to compare.
 * The QR code and the link belong to one session, so switching between them begins nothing.
 */
export async function drawWaiting(
  page: LoginPageContext,
  dependencies: LoginPageDependencies,
  attempt: WaitedForAttempt,
): Promise<void> {
  const { shows } = FLOW_TRAITS[shownFlow(page, attempt)];
  switch (shows) {
    case 'qr_code':
      return drawQrCode(page, dependencies, attempt);
    case 'app_link':
      return drawAppLink(page, dependencies, attempt);
    case 'verification_code':
      drawVerificationCode(page, dependencies, attempt);
  }
}

async function drawQrCode(
  page: LoginPageContext,
  dependencies: LoginPageDependencies,
  attempt: WaitedForAttempt,
): Promise<void> {
  const { pages, simulated } = dependencies;
  const { secondsLeft, link } = browserStateOf(dependencies, page, attempt);
  pages.draw(page.ctx, 200, 'qr', {
    ...linkModel(page, attempt, await page.flows()),
    secondsLeft,
    secondsInAll: SECONDS_OF_QR,
    svg: link === undefined ? undefined : qrCodeSvg(link),
    // A link that can be copied can be sent to a victim: a real code is only ever a picture, and expires in seconds.
    virtualPhone: simulated ? { link } : undefined,
    offersAppLink: page.offered.flows.includes('web2app'),
  });
}

async function drawAppLink(
  page: LoginPageContext,
  dependencies: LoginPageDependencies,
  attempt: WaitedForAttempt,
): Promise<void> {
  const { links, pages } = dependencies;
  const { secondsLeft } = browserStateOf(dependencies, page, attempt);
  pages.draw(page.ctx, 200, 'web2app', {
    ...linkModel(page, attempt, await page.flows()),
    secondsLeft,
    secondsInAll: SECONDS_TO_ANSWER,
    appLink:
      attempt.state === 'waiting' && secondsLeft > 0
        ? links.appLink(attempt.session, page.messages.language)
        : undefined,
    offersQrCode: page.offered.flows.includes('qr'),
  });
}

function linkModel(
  { ctx, path, interaction }: LoginPageContext,
  attempt: WaitedForAttempt,
  flows: readonly Flow[],
) {
  return {
    service: interaction.client,
    path,
    attempt: attempt.id,
    ready: attempt.state === 'waiting',
    offersCodeForm: flows.includes('notification'),
    focusHeading: ctx.query.poll === undefined,
  };
}

function drawVerificationCode(
  page: LoginPageContext,
  dependencies: LoginPageDependencies,
  attempt: WaitedForAttempt,
): void {
  const { ctx, path, interaction, offered, device } = page;
  const code = codeToShow(attempt);
  dependencies.pages.draw(ctx, 200, 'wait', {
    service: interaction.client,
    phase: phaseOf(attempt, code),
    onThisDevice: device !== 'computer',
    digits: code?.split(''),
    secondsLeft: browserStateOf(dependencies, page, attempt).secondsLeft,
    secondsInAll: SECONDS_TO_ANSWER,
    path,
    otherFlows: offered.flows.length > 1,
    focusHeading: ctx.query.poll === undefined,
  });
}

/**
 * Until Smart-ID has accepted the request there is nothing to compare, and a code shown then would teach people to trust
 * one that no app shows. On the device that gets the push it comes first, since the app will cover it.
 * (RP API 3.2, Notification based flows)
 */
function codeToShow(attempt: WaitedForAttempt): string | undefined {
  if (attempt.state === 'waiting') return attempt.verificationCode;
  return attempt.codeFirst ? attempt.prepared.verificationCode : undefined;
}

function phaseOf(attempt: WaitedForAttempt, code: string | undefined): WaitPage['phase'] {
  if (attempt.state === 'waiting') return 'waiting';
  return code === undefined ? 'sending' : 'code_first';
}
