import type { Country } from '../identity/countries/rules.ts';

/** The service that asks, as pages name it. */
export interface Service {
  readonly name: string;
}

export interface LoginPage {
  readonly service: Service;
  readonly action: string;
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
  /** Whether the heading takes the focus: not on a page that came by reloading itself. */
  readonly focusHeading: boolean;
}

export type ActionLook = 'primary' | 'secondary' | 'plain';

/** A next step: somewhere to go, or (`post`) something to do. */
export type Action =
  | {
      readonly kind: 'link';
      readonly href: string;
      readonly text: string;
      readonly look: ActionLook;
      /** Whether it leaves for another site, in a tab of its own. */
      readonly external: boolean;
    }
  | { readonly kind: 'post'; readonly href: string; readonly text: string; readonly look: ActionLook };

export interface NoticePage {
  readonly service: Service | undefined;
  readonly heading: string;
  readonly paragraphs: readonly string[];
  /** A number or a protocol's words, for whoever helps the person. */
  readonly reference: string | undefined;
  readonly actions: readonly Action[];
}

export interface OnwardPage {
  readonly service: Service;
  readonly href: string;
}

export interface LogoutPage {
  readonly service: undefined;
  /** oidc-provider's own form, already HTML. */
  readonly form: string;
}

export interface PageModels {
  readonly login: LoginPage;
  readonly wait: WaitPage;
  readonly notice: NoticePage;
  readonly onward: OnwardPage;
  readonly logout: LogoutPage;
}
