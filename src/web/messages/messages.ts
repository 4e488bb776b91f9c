import type { Language } from '../../config/languages.ts';
import type { Country } from '../../identity/countries/rules.ts';
import type { FailureCode, InteractionType } from '../../login/failure.ts';

/** What happened, and what to do about it. */
export interface NoticeText {
  readonly heading: string;
  readonly paragraphs: readonly string[];
}

export interface OutcomeText extends NoticeText {
  /** Text of the link to Smart-ID's own help; `first` where going there is the next step, rather than trying again. */
  readonly help?: { readonly label: string; readonly first: boolean };
  /** Text of the link back to the login page. */
  readonly retry: string;
}

/** A sentence with `{seconds}` in it, by the plural categories that the language has. */
export type PluralText = Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }>;

/** HTTP statuses that have an error page. */
export type ErrorStatus = 400 | 403 | 404 | 405 | 413 | 415 | 429 | 500 | 503;

/** All texts that a person reads, in one language. There are no texts for people anywhere else. */
export interface Messages {
  /** BCP 47 tag: `lang` of the pages, also used for plural rules and numbers. */
  readonly language: Language;
  readonly smartIdHelpUrl: string;
  /** What the Smart-ID app shows, after the relying party's own name; Smart-ID allows 60 characters, on some screens 200. */
  readonly appText: (client: string) => string;
  /**
   * The same for an unknown browser: nobody has logged in from it with a device link, so it may be an attacker's. What to do then
   * is first, since the end of a long text is cut off.
   */
  readonly appTextUnknownBrowser: (client: string) => string;
  /** The same for a client that has its own text. */
  readonly ownTextUnknownBrowser: (text: string) => string;
  /** Which unknown browser it is, after either text where 200 characters fit; `browser` has names such as “Firefox, Windows”. */
  readonly unknownBrowser: (browser: string) => string;
  readonly layout: {
    readonly secureSignIn: string;
    readonly simulator: string;
    readonly simulatorPhone: string;
    readonly demo: string;
    readonly pinNotice: string;
    readonly help: string;
    readonly opensNewTab: string;
    /** Accessible name of the list of languages. */
    readonly languages: string;
  };
  readonly action: {
    readonly backTo: (client: string) => string;
    readonly startAgain: string;
    readonly tryAgain: string;
    readonly continueTo: (client: string) => string;
    /** Before the number; with its colon. */
    readonly reference: string;
    /** A link to where a login at the service begins. */
    readonly startAgainAt: (client: string) => string;
  };
  /** The page on which a person chooses a flow. */
  readonly methods: {
    readonly title: (client: string) => string;
    readonly heading: string;
    /** One of these, by device. */
    readonly computerLead: string;
    readonly phoneLead: string;
    readonly tabletLead: string;
    /** What to do with a QR code, in order. */
    readonly steps: readonly [string, string, string];
    readonly showQr: string;
    readonly showQrForOtherDevice: string;
    readonly openApp: string;
    readonly openAppOnThisDevice: string;
    readonly personalCode: string;
    readonly personalCodeInstead: string;
    readonly qrInstead: string;
    /** Back to this page. */
    readonly otherMethods: string;
    /** Between the first flow and the others. */
    readonly or: string;
    /** On a button that was pressed, while the session is created. */
    readonly starting: string;
  };
  /** The page with a QR code. */
  readonly qr: {
    readonly title: (client: string) => string;
    readonly heading: string;
    readonly lead: string;
    /** Accessible name of the picture. */
    readonly picture: string;
    readonly preparing: string;
    readonly secondsLeft: PluralText;
    /** Announced once, shortly before the code expires. */
    readonly expiring: string;
    /** In place of the code once it has expired. */
    readonly expired: string;
    readonly newCode: string;
    /** In place of the code while the server sends none. */
    readonly interrupted: string;
    /** In the simulator's banner: link that opens the code with the virtual phone. */
    readonly scanOnVirtualPhone: string;
    /** How to hold the phone, for those who do not see the code. */
    readonly holding: string;
  };
  /** The page with the link that opens the Smart-ID app on the same device. */
  readonly web2app: {
    readonly title: (client: string) => string;
    readonly heading: string;
    readonly lead: string;
    readonly preparing: string;
    readonly secondsLeft: PluralText;
    readonly expiring: string;
    readonly expired: string;
    readonly newLink: string;
    /** The person has confirmed in the app, and the app opens a new tab that continues. */
    readonly confirmedHeading: string;
    readonly confirmedLead: string;
  };
  readonly login: {
    readonly title: (client: string) => string;
    readonly heading: string;
    readonly lead: string;
    /** The box with which the person lets the browser remember the code. */
    readonly remember: string;
    /** The button for a remembered code. */
    readonly sendTo: (lastFour: string) => string;
    /** The form for another code. */
    readonly otherCode: string;
    /** Instead of the fields, where the client expects one person. */
    readonly expected: (country: string, lastFour: string) => string;
    /** The same for a person who is known by a passport or an identity card. */
    readonly expectedDocument: (country: string, end: string) => string;
    readonly country: string;
    readonly personalCode: string;
    readonly submit: string;
    readonly submitting: string;
    readonly countries: Readonly<Record<Country, string>>;
    /** What the personal code of a country looks like. */
    readonly hints: Readonly<Record<Country, (example: string) => string>>;
    readonly errorTitle: (title: string) => string;
    readonly errorHeading: string;
    readonly errors: {
      readonly country: string;
      readonly empty: string;
      readonly format: string;
      readonly checkDigit: string;
      /** The code fits another country, which the form now has chosen. */
      readonly otherCountry: (country: string) => string;
    };
    /** What was typed, on the page that says that there is no such account. */
    readonly entered: (country: string, firstFour: string) => string;
    /** Back to the form, with another country whose rules the code fits. */
    readonly tryCountry: (country: string) => string;
  };
  readonly wait: {
    readonly title: (client: string) => string;
    /** Where another device gets the push. */
    readonly heading: string;
    /** On the device that gets the push, before and after it was sent. */
    readonly rememberHeading: string;
    readonly confirmHeading: string;
    readonly sendingHeading: string;
    readonly sendingLead: string;
    /** For an unknown browser the app asks to choose the code from three, for a known browser it shows the code. */
    readonly lead: string;
    /** On the device that gets the push: the code is shown first, then the push is sent. */
    readonly codeFirstLead: string;
    readonly confirmLead: string;
    /** Before the digits, for screen readers; with its colon. */
    readonly code: string;
    readonly secondsLeft: PluralText;
    readonly pushPending: string;
    readonly overdue: string;
    readonly cancel: string;
    readonly cancelling: string;
    /** In place of the time left, while the server cannot be reached. */
    readonly interrupted: string;
  };
  readonly continuing: {
    /** The heading after a login; the other one is of a login that is cancelled or not verified yet. */
    readonly loggedIn: string;
    readonly heading: (client: string) => string;
    readonly lead: string;
    readonly link: string;
  };
  /** The database is away. */
  readonly moment: {
    readonly heading: string;
    /** A page of a login, which comes back by itself. */
    readonly login: string;
    /** Another page that comes back by itself. */
    readonly page: string;
    /** A form that was sent: the person has to send it again. */
    readonly form: string;
  };
  readonly outcomes: Readonly<Record<FailureCode, OutcomeText>>;
  /** How to get an account with full access, below `outcomes.account_not_suitable`. */
  readonly basicAccount: {
    readonly faq: string;
    readonly ways: string;
    readonly idCard: string;
    readonly mobileId: string;
    readonly bankOffice: string;
  };
  /** In place of the first paragraph of `outcomes.account_not_found`, where the relying party names the person: no code was typed. */
  readonly expectedPersonNotFound: string;
  /** `user_refused_interaction`, by the screen of the app on which the person refused. */
  readonly refusedInteractions: Readonly<Record<InteractionType, OutcomeText>>;
  /** When to try again: `{when}` is replaced by a relative time in the language (“in 5 minutes”). */
  readonly retryIn: string;
  /** In its place once that time is over. */
  readonly retryNow: string;
  readonly notices: {
    readonly expired: NoticeText;
    readonly noCookies: NoticeText;
    readonly finished: NoticeText;
    readonly loggedOut: NoticeText;
    /** The person was asked whether to log out, and has stayed logged in. */
    readonly stillLoggedIn: NoticeText;
    /** For the tab in which the login began: it continued in the tab that the app opened. */
    readonly continuesInOtherTab: NoticeText;
    /** The app opened a browser that did not begin the login: a private window, an in-app browser, another browser. */
    readonly otherBrowser: NoticeText;
    /** A callback that was already used, or is unknown. */
    readonly callbackUsed: NoticeText;
    /** By policy no push is sent to this person from this browser. */
    readonly pushNotAllowed: NoticeText;
    /** The client expects a person whose country it does not accept. */
    readonly personNotAccepted: NoticeText;
  };
  /** The page on which a person can make Sild forget the browser. */
  readonly browser: {
    /** The first paragraph is for a browser in which the person has used the app. */
    readonly known: NoticeText;
    /** For a browser that has a remembered login. */
    readonly keepsLogin: string;
    /** For a browser that remembers the personal code. */
    readonly remembersCode: (lastFour: string) => string;
    readonly forget: string;
    readonly forgetting: string;
    readonly unknown: NoticeText;
    readonly forgotten: NoticeText;
    /** The link to it. */
    readonly link: string;
  };
  /** The page on which a person sees the logins in their own name. */
  readonly history: {
    readonly heading: string;
    /** Before the person has logged in. */
    readonly start: string;
    readonly notLoggedIn: string;
    readonly loggedOut: string;
    readonly lead: (lastFour: string) => string;
    /** For how long entries are kept, so that what is missing is explained. */
    readonly kept: (days: number) => string;
    readonly empty: string;
    readonly outcomes: Readonly<Record<'finished' | 'cancelled' | 'open' | 'limited' | 'failed', string>>;
    readonly ways: Readonly<Record<'qr' | 'web2app' | 'notification' | 'backchannel', string>>;
    readonly network: (number: number) => string;
    readonly thisNetwork: string;
    /** At an attempt that somebody else can have started. */
    readonly notStarted: string;
    /** At a failed login that the person has confirmed in the app. */
    readonly confirmed: string;
    /** What to do about a login that was not the person's own. */
    readonly notYou: NoticeText;
    /** What the button `endAll` does, also where no browser is known. */
    readonly endAllLead: string;
    readonly endAll: string;
    readonly browsers: NoticeText;
    readonly noBrowser: string;
    /** The person has looked at the history, or had browsers forgotten, too often. */
    readonly tooOften: string;
    /** After the person has let us forget one browser, or all. */
    readonly forgotten: Readonly<Record<'one' | 'all', string>>;
    readonly thisBrowser: string;
    readonly since: (time: string) => string;
    readonly used: (time: string) => string;
    /** The button of one browser in the list, which is not the one that shows the page. */
    readonly forgetBrowser: string;
    readonly older: string;
    readonly newer: string;
    readonly download: string;
    readonly print: string;
    readonly logOut: string;
  };
  readonly errors: Readonly<Record<ErrorStatus, NoticeText>>;
  /** An error of an authorization request that cannot be sent to the relying party. */
  readonly openIdError: NoticeText;
  readonly logout: NoticeText & {
    readonly confirm: string;
    readonly stay: string;
    /** The heading while the browser is on its way, without a question. */
    readonly ongoing: string;
  };
  /** After a logout whose request named an address that the relying party has not registered, below `notices.loggedOut.heading`. */
  readonly unregisteredAddress: {
    readonly lead: (client: string) => string;
    readonly advice: (client: string) => string;
  };
  readonly logoutErrors: {
    /** A logout request that cannot be accepted. */
    readonly refused: NoticeText;
    /** Sild's own failure; the page shows a number. */
    readonly failed: NoticeText;
  };
}

/** Made once for each language: making one takes longer than a page. */
const formats = new Map<string, ReturnType<typeof makeFormats>>();

function formatsOf(language: string) {
  const made = formats.get(language) ?? makeFormats(language);
  formats.set(language, made);
  return made;
}

function makeFormats(language: string) {
  return {
    plural: new Intl.PluralRules(language),
    number: new Intl.NumberFormat(language),
    relativeTime: new Intl.RelativeTimeFormat(language),
  };
}

/** The sentence for a number of seconds, in the plural form that the language requires. */
export function secondsText(messages: Messages, forms: PluralText, seconds: number): string {
  const { plural, number } = formatsOf(messages.language);
  const form = forms[plural.select(seconds)] ?? forms.other;
  return form.replace('{seconds}', number.format(seconds));
}

/** When to try again: in seconds below two minutes, in minutes below two hours, otherwise in hours, rounded up. */
export function retryText({ language, retryIn }: Messages, seconds: number): string {
  const { relativeTime: format } = formatsOf(language);
  const when =
    seconds < 120
      ? format.format(seconds, 'second')
      : seconds < 7_200
        ? format.format(Math.ceil(seconds / 60), 'minute')
        : format.format(Math.ceil(seconds / 3_600), 'hour');
  return retryIn.replace('{when}', when);
}
