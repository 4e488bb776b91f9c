import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CertificateLevel } from '../../identity/certificate-level.ts';
import type { ClientRefusal } from '../../login/client-refusal.ts';
import type { JoinedWrites } from '../../login/attempt-store.ts';
import type { LoginResult } from '../../login/login-result.ts';
import type { ShownClient } from '../clients/shown-client.ts';
import type { LoginSettings } from '../login-settings/login-settings.ts';

/** An authorization request that waits for the login, as the login pages see it. */
export interface LoginInteraction {
  readonly uid: string;
  readonly client: ShownClient;
  readonly uiLocales: readonly string[];
  /** Semantics identifier of the one person who may log in, as far as it is known before the login. */
  readonly expectedPerson?: string | undefined;
  /** How people log in at this client. */
  readonly settings: Pick<LoginSettings, 'offered' | 'relyingParty' | 'allowedCountries'>;
  /**
   * Why the client does not get this login: the request's hints name another person, or the client's settings exclude the
   * person's country or the account's level. `undefined`: it does.
   */
  refusalOf(login: LoginResult): Promise<ClientRefusal | undefined>;
  /**
   * The writes that complete the interaction, for the statement that uses up the attempt (`Login.complete`). The browser then
   * continues at `continueAt`. They assume that the interaction is as it was found, which only a live attempt guarantees.
   */
  completionWith(login: LoginResult): Promise<JoinedWrites>;
  /** Whether the client is to get a receipt of the login. */
  readonly wantsReceipt: boolean;
  /** Whether the client is an app with a URI scheme of its own: then the browser leaves no page for it. (RFC 8252 7.1) */
  readonly returnsToApp: boolean;
  /** The level that the login must have at least, by the request's `acr`, the client, and the configuration. */
  readonly certificateLevel: CertificateLevel;
  /** Whether the login is completed or aborted, and the browser has not resumed the request yet. */
  readonly decided: boolean;
  /** The address at which the browser then resumes the authorization request. */
  readonly continueAt: string;
}

/** Why a login ends without a person: they left, or left because Smart-ID has no account of the required level for them. */
export type AbortReason = 'user_cancel' | 'account_not_suitable';

/** The interaction to abort no longer exists: it has expired, or the request has been resumed. */
export class InteractionGoneError extends Error {
  readonly code = 'interaction_gone';

  constructor() {
    super('the interaction is not there any more');
    this.name = 'InteractionGoneError';
  }
}

/** How the login pages use oidc-provider's interactions. */
export interface LoginInteractions {
  /** The interaction of this browser and address; `undefined` if it is expired, unknown, resumed, or of another browser. */
  find(req: IncomingMessage, res: ServerResponse): Promise<LoginInteraction | undefined>;
  /** Whether this browser started the interaction, which may have been resumed since; for as long as its cookie lives. */
  isBoundToBrowser(req: IncomingMessage, uid: string): boolean;
  /**
   * Aborts the interaction: the client gets `access_denied`, or `unmet_authentication_requirements` where no account is suitable
   * for an essential `acr`. Returns the address to which to redirect the browser.
   *
   * @throws {InteractionGoneError}
   */
  abort(req: IncomingMessage, res: ServerResponse, reason: AbortReason): Promise<string>;
}
