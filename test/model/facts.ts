/** What has happened in a run: the model's state. Commands write it, invariants judge the system by it. */
import type { ModelClient } from './clients.ts';
import type { Person } from './people.ts';
import type { ReadPage } from './system/page.ts';

/** A session at Smart-ID, and what the person did with it. */
export interface PhoneSession {
  readonly id: string;
  readonly kind: 'push' | 'link';
  /** Identifier or document number of the person whom the request names. */
  readonly target: string | undefined;
  /** Whether the instance got Smart-ID's answer. */
  readonly delivered: boolean;
  readonly createdAt: number;
  /** Its place among what has happened; the clock may go back. */
  readonly order: number;
  /** When the browser asked for it. */
  readonly begunAt: number;
  /** Whether the app asks for no choice of the code: a push from a browser that Sild takes for the person's. */
  readonly asKnown: boolean;
  /** An instance was killed while it was created. */
  disturbed: boolean;
  confirmed?: { readonly by: Person; readonly at: number; readonly with: 'push' | 'QR' | 'Web2App' };
  /** When it was answered, in any way. */
  answeredAt?: number;
  /** Where the app opens the browser. */
  returnTo?: URL;
  /** The browsers in which that address was opened, in order. */
  readonly returnedIn: number[];
}

/** Who may log in, and how the client says so. */
export type Expectation =
  | { readonly person: Person; readonly by: 'login_hint' | 'sub' }
  | { readonly person: Person; readonly by: 'id_token_hint'; readonly idToken: string };

export interface Login {
  readonly number: number;
  readonly client: ModelClient;
  readonly browser: number;
  readonly expected: Expectation | undefined;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly openedAt: number;
  /** The authorization request. */
  readonly url: URL;
  /** `/login/…`, once the browser has it. */
  path?: string;
  page?: ReadPage | undefined;
  /** Addresses that the browser showed, for the back button. */
  readonly history: URL[];
  readonly sessions: PhoneSession[];
  /** When the browser last asked for an attempt. */
  begunAt: number;
  /** The place of what the person did last that may end an attempt, or begin another one: a session before it need not lead in. */
  lastChangeOfMind: number;
  /** A statement has failed, or an instance was killed, during one of its requests. */
  disturbed: boolean;
  /** Codes that the client got, and when it got the first one. */
  readonly codes: Set<string>;
  codeAt?: number;
  /** Errors that the client got. */
  readonly errors: string[];
  redeemed: number;
  /** An instance was killed while the client asked for tokens. */
  tokensLost: boolean;
  readonly tokens: string[];
  /** Of whom the client knows this ID token. */
  named?: { readonly person: Person; readonly idToken: string };
}

export interface Facts {
  readonly logins: Login[];
  /** The number of things that have happened. */
  order: number;
  /** Whether the clock was set back: then times cannot be compared. */
  setBack: boolean;
  /** Whether any statement was to fail, or an instance was killed. */
  faulty: boolean;
  /** Whether Smart-ID was anything but up at some time. */
  smartIdDisturbed: boolean;
}

export function noFacts(): Facts {
  return { logins: [], order: 0, setBack: false, faulty: false, smartIdDisturbed: false };
}

/** A confirmation of somebody who may log in, by the newest session, which nothing that the person did has overtaken. */
export function standingConfirmation(login: Login): PhoneSession | undefined {
  const session = login.sessions.at(-1);
  if (!session?.delivered || session.confirmed === undefined || session.disturbed) return undefined;
  if (isOvertaken(login, session)) return undefined;
  if (session.confirmed.with === 'Web2App' && session.returnedIn[0] !== login.browser) return undefined;
  if (login.expected && login.expected.person !== session.confirmed.by) return undefined;
  return session;
}

/** Whether the person has done something else in this login since the session was created. */
export function isOvertaken({ lastChangeOfMind }: Login, { order }: PhoneSession): boolean {
  return lastChangeOfMind > order;
}
