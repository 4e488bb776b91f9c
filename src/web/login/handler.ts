import type { Login } from '../../login/login.ts';
import type { LoginInteractions } from '../../oidc/login-interaction.ts';
import type { WebContext } from '../context.ts';
import type { Pages } from '../pages.ts';

/** What the pages of a login work with. */
export interface LoginRooms {
  readonly login: Login;
  readonly interactions: LoginInteractions;
  readonly pages: Pages;
  /** Whether personal codes must have the right check digit; test accounts have wrong ones. */
  readonly checkDigit: boolean;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Answers a request for the login whose interaction is `uid`. */
export type LoginHandler = (rooms: LoginRooms, ctx: WebContext, uid: string) => Promise<void>;
