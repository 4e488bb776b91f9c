import type { Country } from '../../identity/countries/rules.ts';
import type { FailureCode } from '../../smart-id/outcome.ts';

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
export type ErrorStatus = 400 | 403 | 404 | 405 | 413 | 415 | 500 | 503;

/** Every text that a person reads, in one language. A language is one object of this type; nothing else has texts. */
export interface Messages {
  /** BCP 47 tag: `lang` of the pages, and whose plural rules count. */
  readonly language: string;
  readonly smartIdHelpUrl: string;
  /** What the Smart-ID app shows, after the relying party's own name; Smart-ID allows 60 characters. */
  readonly appText: (client: string) => string;
  readonly layout: {
    readonly secureSignIn: string;
    readonly simulator: string;
    readonly simulatorPhone: string;
    readonly demo: string;
    readonly pinPromise: string;
    readonly help: string;
    readonly opensNewTab: string;
  };
  readonly action: {
    readonly backTo: (client: string) => string;
    readonly startAgain: string;
    readonly tryAgain: string;
    readonly continueTo: (client: string) => string;
    readonly reference: string;
  };
  readonly login: {
    readonly title: (client: string) => string;
    readonly heading: (client: string) => string;
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
  readonly notices: {
    readonly expired: NoticeText;
    readonly noCookies: NoticeText;
    readonly finished: NoticeText;
    readonly loggedOut: NoticeText;
  };
  readonly errors: Readonly<Record<ErrorStatus, NoticeText>>;
  /** An authorization or logout request that cannot be answered to the service. */
  readonly openIdError: NoticeText;
  readonly logout: NoticeText & { readonly confirm: string; readonly stay: string };
}

/** The sentence for a number of seconds, in the plural form that the language asks for. */
export function secondsText(messages: Messages, seconds: number): string {
  const forms = messages.wait.secondsLeft;
  const form = forms[new Intl.PluralRules(messages.language).select(seconds)] ?? forms.other;
  return form.replace('{seconds}', String(seconds));
}
