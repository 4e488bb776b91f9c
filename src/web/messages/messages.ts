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
  /** Whether the page shows the number under which the operator finds the attempt in the log. */
  readonly reference?: boolean;
}

/** A sentence with `{seconds}` in it, by the plural categories that the language has. */
export type PluralText = Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }>;

/** The pages that answer a request as HTTP does, by status. */
export type ErrorStatus = 400 | 403 | 404 | 405 | 413 | 415 | 429 | 500 | 503;

/** Every text that a person reads, in one language. A language is one object of this type; nothing else has texts. */
export interface Messages {
  /** BCP 47 tag: `lang` of the pages, and whose plural rules count. */
  readonly language: Language;
  readonly smartIdHelpUrl: string;
  /** What the Smart-ID app shows, after the relying party's own name; Smart-ID allows 60 characters. */
  readonly appText: (client: string) => string;
  /** The same where nobody has logged in from this browser with a device link before: it may be a stranger's. */
  readonly appTextUnknownBrowser: (client: string) => string;
  /** The same of a client that has a text of its own. */
  readonly ownTextUnknownBrowser: (text: string) => string;
  readonly layout: {
    readonly secureSignIn: string;
    readonly simulator: string;
    readonly simulatorPhone: string;
    readonly demo: string;
    readonly pinPromise: string;
    readonly help: string;
    readonly opensNewTab: string;
    /** Names the list of languages for people who do not see it. */
    readonly languages: string;
  };
  readonly action: {
    readonly backTo: (client: string) => string;
    readonly startAgain: string;
    readonly tryAgain: string;
    readonly continueTo: (client: string) => string;
    readonly reference: string;
  };
  /** The page on which a person chooses how to log in. */
  readonly ways: {
    readonly title: (client: string) => string;
    readonly heading: string;
    /** One of these, by what the browser most likely runs on. */
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
    readonly otherWays: string;
    /** Stands between the first way and the others. */
    readonly or: string;
    /** On a button that was pressed, while the session is made. */
    readonly starting: string;
  };
  /** The page with a QR code. */
  readonly qr: {
    readonly title: (client: string) => string;
    readonly heading: string;
    readonly lead: string;
    /** Names the picture for people who do not see it. */
    readonly picture: string;
    readonly preparing: string;
    readonly secondsLeft: PluralText;
    /** Read out once, shortly before the end. */
    readonly expiring: string;
    /** In the place of the code once it is too old to be shown. */
    readonly expired: string;
    readonly newCode: string;
    /** In the place of the code while none comes from the server. */
    readonly interrupted: string;
    /** In the place of the code as soon as the person has confirmed. */
    readonly used: string;
    /** In the banner of the simulator, on a link that does what a phone does which reads the code. */
    readonly scanOnVirtualPhone: string;
  };
  /** The page with the link that opens the Smart-ID app on the same device. */
  readonly app: {
    readonly title: (client: string) => string;
    readonly heading: string;
    readonly lead: string;
    readonly preparing: string;
    readonly secondsLeft: PluralText;
    readonly expiring: string;
    readonly expired: string;
    readonly newLink: string;
    /** The person has confirmed in the app, and the app opens a new tab that goes on. */
    readonly confirmedHeading: string;
    readonly confirmedLead: string;
  };
  readonly login: {
    readonly title: (client: string) => string;
    readonly heading: string;
    readonly lead: string;
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
    };
  };
  readonly wait: {
    readonly title: (client: string) => string;
    readonly heading: string;
    readonly sendingHeading: string;
    readonly sendingLead: string;
    /** The app has the code chosen from three where the browser is unknown, and shows it where it is known. */
    readonly lead: string;
    /** On the device that gets the push: the code comes first, the request a moment later. */
    readonly codeFirstLead: string;
    readonly code: string;
    readonly secondsLeft: PluralText;
    readonly soon: string;
    readonly overdue: string;
    readonly cancel: string;
    readonly cancelling: string;
  };
  readonly onward: {
    readonly heading: (client: string) => string;
    readonly lead: string;
    readonly link: string;
  };
  readonly outcomes: Readonly<Record<FailureCode, OutcomeText>>;
  /** `user_refused_interaction`, by the screen of the app on which the person refused. */
  readonly refusedOn: Readonly<Record<InteractionType, OutcomeText>>;
  /** After how long trying again makes sense: `{when}` is put there as the language says it (“in 5 minutes”). */
  readonly retryIn: string;
  readonly notices: {
    readonly expired: NoticeText;
    readonly noCookies: NoticeText;
    readonly finished: NoticeText;
    readonly loggedOut: NoticeText;
    /** The login went on in the tab that the app opened; this is the one that it began in. */
    readonly goesOnElsewhere: NoticeText;
    /** The app led back to a browser that did not begin the login: a private window, an in-app browser, another one. */
    readonly otherBrowser: NoticeText;
    /** An address of the way back from the app that was used before, or is wrong. */
    readonly returnUsed: NoticeText;
    /** By policy no push goes to this person from this browser. */
    readonly pushNotHere: NoticeText;
  };
  /** The page where a person makes Sild forget the browser. */
  readonly browser: {
    readonly known: NoticeText;
    readonly forget: string;
    readonly forgetting: string;
    readonly unknown: NoticeText;
    readonly forgotten: NoticeText;
    /** The link to it. */
    readonly link: string;
  };
  readonly errors: Readonly<Record<ErrorStatus, NoticeText>>;
  /** An authorization or logout request that cannot be answered to the service. */
  readonly openIdError: NoticeText;
  readonly logout: NoticeText & { readonly confirm: string; readonly stay: string };
}

/** The sentence for a number of seconds, in the plural form that the language asks for. */
export function secondsText(messages: Messages, forms: PluralText, seconds: number): string {
  const form = forms[new Intl.PluralRules(messages.language).select(seconds)] ?? forms.other;
  return form.replace('{seconds}', new Intl.NumberFormat(messages.language).format(seconds));
}

/** When trying again makes sense, in seconds, or beyond two of them in minutes or hours, rounded up. */
export function retryText({ language, retryIn }: Messages, seconds: number): string {
  const format = new Intl.RelativeTimeFormat(language);
  const when =
    seconds < 120
      ? format.format(seconds, 'second')
      : seconds < 7_200
        ? format.format(Math.ceil(seconds / 60), 'minute')
        : format.format(Math.ceil(seconds / 3_600), 'hour');
  return retryIn.replace('{when}', when);
}
