import type { Audit } from '../../audit/audit.ts';
import type { Login } from '../../login/login.ts';
import type { LoginInteractions } from '../../oidc/interaction/login-interaction.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import type { SmartId } from '../../smart-id/session.ts';
import type { WebContext } from '../context.ts';
import type { RequestPages } from '../pages/pages.ts';
import type { BrowserRooms } from './known-browser.ts';
import type { WaitingLimits } from './waiting-limits.ts';
import type { OfferedWays } from './ways.ts';

/** What the pages of a login work with. */
export interface LoginRooms extends BrowserRooms {
  readonly login: Login;
  readonly interactions: LoginInteractions;
  /** Makes the links of a device-link session, each at the moment it is shown. */
  readonly links: Pick<SmartId, 'qrLink' | 'appLink'>;
  readonly offered: OfferedWays;
  readonly waiting: WaitingLimits;
  /** In the language of the request. */
  readonly pages: RequestPages;
  /** Seals what a browser carries from one page of a login to the next. */
  readonly secrets: Pick<Secrets, 'seal' | 'open'>;
  /** Whether personal codes must have the right check digit; test accounts have wrong ones. */
  readonly checkDigit: boolean;
  /** Whether Smart-ID is our simulator, whose virtual phone has no camera and opens the link of a QR code instead. */
  readonly simulated: boolean;
  readonly audit: Audit;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Answers a request for the login whose interaction is `uid`. */
export type LoginHandler = (rooms: LoginRooms, ctx: WebContext, uid: string) => Promise<void>;
