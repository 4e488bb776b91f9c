import { type DeviceLinkFlow, type Flow, FLOW_TRAITS, isDeviceLinkFlow } from '../../flows/flows.ts';
import { ANSWER_MS, type Attempt, type UnansweredAttempt } from '../../login/attempt.ts';
import type { LoginPageContext, LoginPageDependencies, RequestHints } from './page-context.ts';

/** What a waiting page may know of its attempt: never the session, the challenge, the callback or the person. */
export interface BrowserState {
  /** `over`: the login is complete, cancelled or expired, so that its attempt is not shown any more. */
  readonly state: Attempt['state'] | 'over';
  /** Whole seconds in which the person can still answer; of a QR code, in which it is still shown. */
  readonly secondsLeft: number;
  /** Content of the current QR code; absent where none is to be shown. */
  readonly link?: string;
}

export const OVER: BrowserState = { state: 'over', secondsLeft: 0 };

/** An attempt whose page waits for the person: not one that the callback has moved to another tab. */
export type WaitedForAttempt = Exclude<UnansweredAttempt, { state: 'callback_received' }>;

export const SECONDS_TO_ANSWER = ANSWER_MS / 1000;
/** How long one session's QR codes are shown, in seconds. (RP API 3.2, Device link flows) */
export const SECONDS_OF_QR = 60;

export function browserStateOf(
  { links, now }: Pick<LoginPageDependencies, 'links' | 'now'>,
  page: LoginPageContext,
  attempt: Attempt,
): BrowserState {
  const at = now();
  const flow = shownFlow(page, attempt);
  const secondsLeft = secondsLeftOf(links, attempt, at, flow);
  const state = { state: attempt.state, secondsLeft };
  if (attempt.state !== 'waiting' || !showsQrCode(flow) || secondsLeft === 0) return state;
  return { ...state, link: links.qrLink(attempt.session, at, page.messages.language) };
}

/**
 * The flow that a page shows of an attempt. The flows of a device link share a session: the address says which of them is
 * shown, or else the device suggests one. One that the client does not offer is not shown: an answer by it would be refused.
 */
export function shownFlow(
  { requestedFlow, device, offered }: RequestHints & Partial<Pick<LoginPageContext, 'offered'>>,
  attempt: Attempt,
): Flow {
  const { flow } = attempt;
  if (!isDeviceLinkFlow(flow)) return flow;
  const shown =
    requestedFlow !== undefined && isDeviceLinkFlow(requestedFlow) ? requestedFlow : suggestedLink(device);
  return offered?.flows.includes(shown) === false ? flow : shown;
}

export function showsQrCode(flow: Flow): boolean {
  switch (FLOW_TRAITS[flow].shows) {
    case 'qr_code':
      return true;
    case 'app_link':
    case 'verification_code':
      return false;
  }
}

/** Whether the app has opened another tab, which continues the attempt. */
export function continuesInOtherTab(attempt: Attempt, shown: Flow): boolean {
  switch (attempt.state) {
    case 'callback_received':
      return true;
    case 'authenticated':
      return FLOW_TRAITS[attempt.result.flow].needsCallback;
    case 'finished':
      // The attempt does not say any more which flow was used; the page was of the flow that it showed.
      return FLOW_TRAITS[shown].needsCallback;
    case 'pending':
    case 'starting':
    case 'waiting':
    case 'failed':
    case 'cancelled':
      return false;
  }
}

function suggestedLink(device: RequestHints['device']): DeviceLinkFlow {
  switch (device) {
    case 'phone':
      return 'web2app';
    case 'computer':
    case 'tablet':
      return 'qr';
  }
}

/** @param now milliseconds since the epoch */
function secondsLeftOf(
  links: LoginPageDependencies['links'],
  attempt: Attempt,
  now: number,
  shown: Flow,
): number {
  const qrCode = showsQrCode(shown);
  switch (attempt.state) {
    case 'pending':
    case 'starting':
      return qrCode ? SECONDS_OF_QR : SECONDS_TO_ANSWER;
    case 'waiting': {
      return qrCode
        ? secondsUntil(links.linksCreatedAt(attempt.session) + SECONDS_OF_QR * 1000, now, SECONDS_OF_QR)
        : secondsUntil(attempt.answerBy, now, SECONDS_TO_ANSWER);
    }
    case 'callback_received':
    case 'authenticated':
    case 'finished':
    case 'failed':
    case 'cancelled':
      return 0;
  }
}

function secondsUntil(end: number, now: number, most: number): number {
  return Math.min(most, Math.max(0, Math.ceil((end - now) / 1000)));
}
