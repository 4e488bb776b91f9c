import { FLOW_TRAITS } from '../../flows/flows.ts';
import { ANSWER_MS, type Attempt } from '../../login/attempt.ts';
import type { LoginRooms } from './handler.ts';

/** What a waiting page is told of its attempt: never the session, the challenge, the callback or the person. */
export interface BrowserState {
  readonly state: Attempt['state'];
  /** Whole seconds in which the person can still answer; of a QR code, in which it is still shown. */
  readonly secondsLeft: number;
  /** What the QR code says at this moment; absent where none is to be shown. */
  readonly link?: string;
}

/** Which picture a waiting page of a device link shows. */
export type Shown = 'qr' | 'app';

export { isUnanswered, type UnansweredAttempt } from '../../login/attempt.ts';

export const SECONDS_TO_ANSWER = ANSWER_MS / 1000;
/** How long one session's QR codes are shown, in seconds. (RP API 3.2, Device link flows) */
export const SECONDS_OF_QR = 60;

export function browserStateOf(
  { links, now, pages }: Pick<LoginRooms, 'links' | 'now' | 'pages'>,
  attempt: Attempt,
  shown: Shown | undefined,
): BrowserState {
  const at = now();
  const secondsLeft = secondsLeftOf(attempt, at, shown);
  const state = { state: attempt.state, secondsLeft };
  if (attempt.state !== 'waiting' || shown !== 'qr' || secondsLeft === 0) return state;
  return { ...state, link: links.qrLink(attempt.session, at, pages.messages.language) };
}

/** Whether the app has led the browser into another tab, which goes on with the attempt. */
export function goesOnElsewhere(attempt: Attempt, shown: Shown | undefined): boolean {
  switch (attempt.state) {
    case 'returned':
      return true;
    case 'authenticated':
      return FLOW_TRAITS[attempt.result.flow].needsCallback;
    case 'finished':
      return shown === 'app';
    case 'pending':
    case 'starting':
    case 'waiting':
    case 'failed':
    case 'cancelled':
      return false;
  }
}

/** @param now milliseconds since the epoch */
function secondsLeftOf(attempt: Attempt, now: number, shown: Shown | undefined): number {
  switch (attempt.state) {
    case 'pending':
    case 'starting':
      return shown === 'qr' ? SECONDS_OF_QR : SECONDS_TO_ANSWER;
    case 'waiting': {
      const { deviceLink } = attempt.session;
      return shown === 'qr' && deviceLink
        ? secondsUntil(deviceLink.receivedAt + SECONDS_OF_QR * 1000, now, SECONDS_OF_QR)
        : secondsUntil(attempt.answerBy, now, SECONDS_TO_ANSWER);
    }
    case 'returned':
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
