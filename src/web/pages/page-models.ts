import type { Flow } from '../../flows/flows.ts';
import type { Country } from '../../identity/countries/rules.ts';

/** The service that asks, as pages name and show it. */
export interface Service {
  readonly name: string;
  /** The address of its logo, when it has one. */
  readonly logo?: string | undefined;
  /** The address of a style sheet with its colours, when it has its own. */
  readonly theme?: string | undefined;
}

/** One flow to choose: a form that begins a device link, or a link to the form for the personal code. */
export interface FlowAction {
  readonly flow: Flow;
  readonly text: string;
  readonly look: ActionLook;
}

export interface FlowsPage {
  readonly service: Service;
  readonly lead: string;
  /** Beside the button, where there is room for them. */
  readonly steps: readonly string[] | undefined;
  /** The first one is what most people want. */
  readonly flows: readonly FlowAction[];
  readonly path: string;
  /** Whether this browser is remembered, so that there is something to forget. */
  readonly knownBrowser: boolean;
}

/** What the pages of a device link have in common. */
interface LinkPage {
  readonly service: Service;
  readonly path: string;
  /** The number of the attempt, which a new code takes the place of. */
  readonly attempt: string;
  /** Whether Smart-ID has given the session. */
  readonly ready: boolean;
  readonly secondsLeft: number;
  readonly secondsInAll: number;
  /** Whether the form for a personal code is offered too. */
  readonly offersCodeForm: boolean;
  /** Whether the heading takes the focus: not on a page that came by reloading itself. */
  readonly focusHeading: boolean;
}

export interface QrPage extends LinkPage {
  /** The code of this moment, drawn. */
  readonly svg: string | undefined;
  /** Where Smart-ID is simulated, what the code says, for the virtual phone to open; undefined everywhere else. */
  readonly virtualPhone: { readonly link: string | undefined } | undefined;
  readonly offersAppLink: boolean;
}

export interface Web2AppPage extends LinkPage {
  readonly appLink: string | undefined;
  readonly offersQrCode: boolean;
}

/** What the tab shows in which a login began that another tab goes on with. */
export interface ElsewherePage {
  readonly service: Service;
  readonly path: string;
  readonly actions: readonly Action[];
}

export interface BrowserPage {
  readonly service: undefined;
  /** Where the form is sent that forgets. */
  readonly action: string;
}

export interface LoginPage {
  readonly service: Service;
  readonly action: string;
  /** Where a QR code is begun instead; undefined where that is not the likely other way. */
  readonly qrAction: string | undefined;
  /** The address of the choice of flows; undefined if there are no others, or the QR code is the only one. */
  readonly otherFlows: string | undefined;
  readonly cancelAction: string;
  readonly countries: readonly {
    readonly code: Country;
    readonly name: string;
    readonly hint: string;
    readonly selected: boolean;
  }[];
  readonly hint: string;
  /** What was typed; empty at first. */
  readonly personalCode: string;
  readonly error: { readonly field: 'country' | 'personal_code'; readonly text: string } | undefined;
}

export interface WaitPage {
  readonly service: Service;
  /** The phase that the page shows: nothing to compare yet, the code before its push, or the code with its push. */
  readonly phase: 'sending' | 'code_first' | 'waiting';
  /** Four digits; undefined in the phase `sending`. */
  readonly digits: readonly string[] | undefined;
  readonly secondsLeft: number;
  readonly secondsInAll: number;
  /** The address of the login, below which everything of it is. */
  readonly path: string;
  readonly otherFlows: boolean;
  /** Whether the heading takes the focus: not on a page that came by reloading itself. */
  readonly focusHeading: boolean;
}

export type ActionLook = 'primary' | 'secondary' | 'plain';

/** Somewhere to go. */
export interface LinkAction {
  readonly kind: 'link';
  readonly href: string;
  readonly text: string;
  readonly look: ActionLook;
  /** Whether it leaves for another site, in a tab of its own. */
  readonly external: boolean;
  /** Whether it makes sense only after `retryAfter` of its page. */
  readonly waits: boolean;
}

/** A next step: somewhere to go, or (`post`) something to do. */
export type Action =
  | LinkAction
  | { readonly kind: 'post'; readonly href: string; readonly text: string; readonly look: ActionLook };

export interface NoticePage {
  readonly service: Service | undefined;
  readonly heading: string;
  readonly paragraphs: readonly string[];
  /** A number or a protocol's words, for whoever helps the person. */
  readonly reference: string | undefined;
  readonly actions: readonly Action[];
  /** The address that has the page without the wait, and in how many seconds the action that waits makes sense. */
  readonly retryAfter: { readonly seconds: number; readonly href: string } | undefined;
}

export interface OnwardPage {
  readonly service: Service;
  readonly href: string;
  /** After which the page goes on by itself. */
  readonly seconds: number;
}

export interface LogoutPage {
  readonly service: undefined;
  /** oidc-provider's own form, already HTML. */
  readonly form: string;
}

export interface PageModels {
  readonly flows: FlowsPage;
  readonly qr: QrPage;
  readonly web2app: Web2AppPage;
  readonly elsewhere: ElsewherePage;
  readonly browser: BrowserPage;
  readonly login: LoginPage;
  readonly wait: WaitPage;
  readonly notice: NoticePage;
  readonly onward: OnwardPage;
  readonly logout: LogoutPage;
}
