import type { Flow } from '../../flows/flows.ts';
import type { Country } from '../../identity/countries/rules.ts';

/** The relying party, as pages show it. */
export interface Service {
  readonly name: string;
  /** The address of its logo, if it has one. */
  readonly logo?: string | undefined;
  /** The same for the dark theme. */
  readonly logoDark?: string | undefined;
  /** The address of a style sheet with its colours, if it has its own. */
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
  /** Shown beside the button on wide screens. */
  readonly steps: readonly string[] | undefined;
  /** Best first. */
  readonly flows: readonly FlowAction[];
  /** Whether a script begins the first flow, a QR code, as soon as the person sees the page. */
  readonly startsQr: boolean;
  readonly path: string;
  /** Whether to link the page that forgets this browser. */
  readonly knownBrowser: boolean;
}

/** What the pages of a device link have in common. */
interface LinkPage {
  readonly service: Service;
  readonly path: string;
  /** ID of the attempt that a new code would replace. */
  readonly attempt: string;
  /** Whether Smart-ID has created the session. */
  readonly ready: boolean;
  readonly secondsLeft: number;
  readonly secondsInAll: number;
  /** Whether the form for a personal code is offered too. */
  readonly offersCodeForm: boolean;
  /** Whether the heading gets the focus: not after a page has reloaded itself. */
  readonly focusHeading: boolean;
}

export interface QrPage extends LinkPage {
  /** The current QR code. */
  readonly svg: string | undefined;
  /** With the simulator, the content of the code, for the virtual phone to open; otherwise undefined. */
  readonly virtualPhone: { readonly link: string | undefined } | undefined;
  readonly offersAppLink: boolean;
}

export interface Web2AppPage extends LinkPage {
  readonly appLink: string | undefined;
  readonly offersQrCode: boolean;
}

/** Shown in the tab in which a login began, when another tab continues it. */
export interface OtherTabPage {
  readonly service: Service;
  readonly path: string;
  readonly actions: readonly Action[];
}

export interface BrowserPage {
  readonly service: undefined;
  /** What is remembered, and what to do about it. */
  readonly paragraphs: readonly string[];
  /** The address of the form that makes Sild forget the browser. */
  readonly action: string;
}

/** A login in a person's name, in words. */
export interface HistoryEntry {
  /** RFC 3339. */
  readonly at: string;
  readonly time: string;
  readonly service: string;
  readonly outcome: string;
  readonly succeeded: boolean;
  readonly how: string;
  /** Family and system, as the browser named itself. */
  readonly browser: string | undefined;
  readonly network: string | undefined;
  readonly isThisNetwork: boolean;
  /** What to do if the person has not started it. */
  readonly advice: string | undefined;
  readonly reference: string | undefined;
}

export interface HistoryPage {
  readonly service: undefined;
  /** Everything that belongs to the history is below. */
  readonly path: string;
  /** Whether it is the page to print: without forms and links. */
  readonly isPrinted: boolean;
  /** The end of the personal code. */
  readonly person: string;
  readonly keptText: string;
  /** The newest first. */
  readonly entries: readonly HistoryEntry[];
  readonly browsers: readonly {
    readonly id: string;
    readonly since: string;
    readonly used: string;
    /** Whether it is the one that shows the page. */
    readonly isThis: boolean;
  }[];
  /** What was forgotten just now. */
  readonly forgotten: string | undefined;
  readonly newer: string | undefined;
  readonly older: string | undefined;
}

export interface LoginPage {
  readonly service: Service;
  readonly action: string;
  /** The address that begins a QR code; undefined if that is not the likely alternative. */
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
  /** As typed before; empty at first. */
  readonly personalCode: string;
  /** Whether the cursor is in the field for the code, rather than the focus on the heading. */
  readonly focusCode: boolean;
  readonly error: { readonly field: 'country' | 'personal_code'; readonly text: string } | undefined;
  /** Whether the box is ticked with which the person lets the browser remember the code; undefined: there is none. */
  readonly remember: boolean | undefined;
  /** The one button, for a code that the browser remembers; the page does not contain the code. */
  readonly oneTap: string | undefined;
  /** The form for another code than that of `oneTap`. */
  readonly otherCode: string | undefined;
  /** Whether to link the page that forgets this browser. */
  readonly forgets: boolean;
  /** Names the one person who may log in, in a sentence; then the form has nothing to type. */
  readonly expected: string | undefined;
}

export interface WaitPage {
  readonly service: Service;
  /** No code yet, the code before the push, or the code after the push. */
  readonly phase: 'sending' | 'code_first' | 'waiting';
  /** Whether this device probably gets the push: then there is nothing to compare side by side, the app covers the page. */
  readonly onThisDevice: boolean;
  /** Four digits; undefined in the phase `sending`. */
  readonly digits: readonly string[] | undefined;
  readonly secondsLeft: number;
  readonly secondsInAll: number;
  /** The address of the login; everything that belongs to it is below. */
  readonly path: string;
  readonly otherFlows: boolean;
  /** Whether the heading gets the focus: not after a page has reloaded itself. */
  readonly focusHeading: boolean;
}

/** `quiet`: a link that is not taken by mistake, for leaving the login. */
export type ActionLook = 'primary' | 'secondary' | 'plain' | 'quiet';

/** A link. */
export interface LinkAction {
  readonly kind: 'link';
  readonly href: string;
  readonly text: string;
  readonly look: ActionLook;
  /** Whether it opens another site in a new tab. */
  readonly external: boolean;
  /** Whether it is disabled until `retryAfter` of its page. */
  readonly waits: boolean;
}

/** A next step: a link, or (`post`) a form with one button. */
export type Action =
  | LinkAction
  | { readonly kind: 'post'; readonly href: string; readonly text: string; readonly look: ActionLook };

export interface NoticePage {
  readonly service: Service | undefined;
  readonly heading: string;
  readonly paragraphs: readonly string[];
  /** An incident number or an OAuth error, for support. */
  readonly reference: string | undefined;
  /** The section of the documentation that helps the developer of the client. */
  readonly documentation: string | undefined;
  /** Ways to choose from, outside of Sild; below the paragraphs. */
  readonly list: readonly string[];
  readonly actions: readonly Action[];
  /** When the disabled action is enabled, and the address of the page without the wait. */
  readonly retryAfter: { readonly seconds: number; readonly href: string } | undefined;
}

export interface ContinuePage {
  readonly service: Service;
  /** Whether the login has succeeded. */
  readonly loggedIn: boolean;
  /** Whether a logout has ended the login. Default: false. */
  readonly loggedOut?: boolean;
  readonly href: string;
  /** After which the page redirects by itself. */
  readonly seconds: number;
}

export interface SubmitPage {
  readonly service: Service | undefined;
  readonly heading: string;
  readonly form: {
    readonly action: string;
    readonly fields: readonly { readonly name: string; readonly value: string }[];
  };
}

/** The database is away. */
export interface MomentPage {
  readonly service: Service | undefined;
  readonly lead: string;
  /** Where to go on; undefined: the page reloads, since its own address may be a credential, which no page contains. */
  readonly href: string | undefined;
  /** After which the page goes on by itself; undefined where the person has to send a form again. */
  readonly seconds: number | undefined;
  /** Further ways on. */
  readonly actions: readonly Action[];
}

export interface LogoutPage {
  readonly service: undefined;
  /** oidc-provider's own form, already HTML. */
  readonly form: string;
}

/** For developers who open the issuer in a browser. Its text is English only. */
export interface IssuerPage {
  readonly service: undefined;
  readonly issuer: string;
  readonly environmentText: string;
  readonly discovery: string;
  readonly links: readonly LinkAction[];
}

export interface PageModels {
  readonly issuer: IssuerPage;
  readonly flows: FlowsPage;
  readonly qr: QrPage;
  readonly web2app: Web2AppPage;
  readonly 'other-tab': OtherTabPage;
  readonly browser: BrowserPage;
  readonly history: HistoryPage;
  readonly login: LoginPage;
  readonly wait: WaitPage;
  readonly notice: NoticePage;
  readonly continue: ContinuePage;
  readonly submit: SubmitPage;
  readonly moment: MomentPage;
  readonly logout: LogoutPage;
}
