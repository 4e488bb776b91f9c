import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LoginResult } from '../../login/login-result.ts';
import type { ClientBranding } from '../clients/client-branding.ts';

/** An authorization request that waits for its person, as the login pages see it. */
export interface LoginInteraction {
  readonly uid: string;
  readonly client: {
    readonly id: string;
    /** What people know it as; never empty. */
    readonly name: string;
    /** Its home page, when it told one. */
    readonly uri: string | undefined;
    readonly branding?: ClientBranding;
  };
  readonly uiLocales: readonly string[];
  /** Whom the client expects, in its own words; nobody vouches for it. (OpenID Connect Core 3.1.2.1) */
  readonly loginHint?: string | undefined;
  /** Where the authorization request is taken up again once the interaction is completed or aborted. */
  readonly continueAt: string;
}

/** The interaction to complete or abort is not there any more: it expired, or its browser has gone on to the client. */
export class InteractionGoneError extends Error {
  readonly code = 'interaction_gone';

  constructor() {
    super('the interaction is not there any more');
    this.name = 'InteractionGoneError';
  }
}

/** The bridge from a login page to oidc-provider's interactions. */
export interface LoginInteractions {
  /** The interaction of this browser and address, or `undefined`: expired, unknown, gone on to the client, or of another browser. */
  find(req: IncomingMessage, res: ServerResponse): Promise<LoginInteraction | undefined>;
  /** Whether an interaction began in this browser; for an address that names none. */
  isBoundToBrowser(req: IncomingMessage, uid: string): boolean;
  /**
   * Completes the authorization request. Answers the address to send the browser to. Completing twice with the same result
   * answers the same address and issues nothing more; of requests that follow it at the same time, one gets a code.
   *
   * @throws {InteractionGoneError}
   */
  complete(req: IncomingMessage, res: ServerResponse, result: LoginResult): Promise<string>;
  /**
   * Gives up: the client gets `access_denied` with this `error_description`. Answers the address to send the browser to.
   *
   * @throws {InteractionGoneError}
   */
  abort(req: IncomingMessage, res: ServerResponse, description: string): Promise<string>;
}
