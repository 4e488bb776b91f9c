/**
 * What a request to a page of a login is about. The router (routes.ts) reads it once; handlers decide what happens, views
 * draw the page, and both take everything from here.
 */
import type { Audit } from '../../audit/audit.ts';
import type { Flow } from '../../flows/flows.ts';
import type { Attempt } from '../../login/attempt.ts';
import type { Login } from '../../login/login.ts';
import type { LoginInteraction, LoginInteractions } from '../../oidc/interaction/login-interaction.ts';
import type { OfferedFlows } from '../../oidc/login-settings/login-settings.ts';
import { loginPath } from '../../oidc/provider/protocol.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import type { Authenticator } from '../../login/authenticator.ts';
import type { WebContext } from '../context.ts';
import type { Messages } from '../messages/messages.ts';
import type { Pages } from '../pages/pages.ts';
import { type Device, deviceOf } from './device.ts';
import { flowSchema, flowsFor } from './flow-choice.ts';
import { isKnownBrowser, type KnownBrowserDependencies } from './known-browser.ts';
import type { RememberedCodeDependencies } from './remembered-code.ts';
import type { WaitingLimits } from './waiting-limits.ts';

/** What the pages of all logins work with. */
export interface LoginPageDependencies extends KnownBrowserDependencies, RememberedCodeDependencies {
  readonly login: Login;
  readonly interactions: LoginInteractions;
  /** Runs `read`, which reads the interaction and its newest attempt, with as few statements as possible. */
  readonly lookUpLogin: <T>(interactionUid: string, read: () => Promise<T>) => Promise<T>;
  /** Makes the links of a device-link session, each at the moment it is shown. */
  readonly links: Pick<Authenticator, 'qrLink' | 'appLink' | 'linksCreatedAt'>;
  readonly waiting: WaitingLimits;
  readonly pages: Pages;
  /** Seals what a browser carries from one page of a login to the next, and to later logins. */
  readonly secrets: Pick<Secrets, 'seal' | 'open'>;
  /** Whether the check digit of a personal code must be right; test accounts have wrong ones. */
  readonly checkDigit: boolean;
  /** Whether Smart-ID is the simulator, whose virtual phone has no camera and opens the link of a QR code instead. */
  readonly simulated: boolean;
  /** The header, in lower case, in which the proxy names the country of a browser; undefined: none does. */
  readonly countryHeader: string | undefined;
  readonly audit: Audit;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** What is known from the request alone, without the login. */
export interface RequestHints {
  readonly device: Device;
  /** The flow that the address asks to show (`?show=`); `undefined` for anything that is no flow. */
  readonly requestedFlow: Flow | undefined;
}

export interface LoginPageContext extends RequestHints {
  readonly ctx: WebContext;
  readonly uid: string;
  /** The address of the login; everything that belongs to it is below. */
  readonly path: string;
  /** With the client's name and branding in the language of the page. */
  readonly interaction: LoginInteraction;
  /** What this client offers. */
  readonly offered: OfferedFlows;
  /** The newest attempt of the interaction when the request came in. */
  readonly attempt: Attempt | undefined;
  /** In the language of the page. */
  readonly messages: Messages;
  /** Whether anybody has logged in from this browser with a device link before. Reads the store once, when first called. */
  readonly isKnownBrowser: () => Promise<boolean>;
  /** The flows offered to this browser, best first. Reads the store only where the notification policy needs it. */
  readonly flows: () => Promise<readonly Flow[]>;
  /** Aborted once the browser has disconnected or has its answer: then no poll needs to go on. */
  readonly signal: () => AbortSignal;
}

/** Answers a request for a login whose interaction was found in this browser. */
export type LoginHandler = (
  page: LoginPageContext,
  dependencies: LoginPageDependencies,
) => Promise<void> | void;

/** The same for a login with an attempt. */
export type AttemptHandler = (
  page: LoginPageContext & { readonly attempt: Attempt },
  dependencies: LoginPageDependencies,
) => Promise<void> | void;

export function requestHintsOf(ctx: WebContext): RequestHints {
  return { device: deviceOf(ctx.headers), requestedFlow: flowSchema.parse(ctx.query.show) };
}

/** @param interaction of this browser and address, whose `ui_locales` are in `ctx.state` already */
export function createPageContext<A extends Attempt | undefined>(
  dependencies: LoginPageDependencies,
  ctx: WebContext,
  interaction: LoginInteraction,
  attempt: A,
): LoginPageContext & { readonly attempt: A } {
  const { pages } = dependencies;
  const { offered } = interaction.settings;
  const hints = requestHintsOf(ctx);
  const knows = once(() => isKnownBrowser(dependencies, ctx));
  return {
    ...hints,
    ctx,
    uid: interaction.uid,
    path: loginPath(interaction.uid),
    interaction,
    offered,
    attempt,
    messages: pages.messagesOf(ctx),
    isKnownBrowser: knows,
    flows: once(() => flowsFor(ctx, hints.device, offered, knows)),
    signal: once(() => closeSignal(ctx)),
  };
}

function once<T>(read: () => T): () => T {
  let value: { readonly read: T } | undefined;
  return () => (value ??= { read: read() }).read;
}

function closeSignal(ctx: WebContext): AbortSignal {
  const closed = new AbortController();
  if (ctx.res.closed) closed.abort();
  else
    ctx.res.once('close', () => {
      closed.abort();
    });
  return closed.signal;
}
