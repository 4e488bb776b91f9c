/** The requests to a login: of a browser, or of a client on behalf of a person without one. */
import type { DeviceLinkFlow, FlowOf } from '../flows/flows.ts';
import type { CertificateLevel } from '../identity/claims.ts';
import type { CallbackParameters, RelyingPartyName } from './authenticator.ts';

interface LoginRequestBase {
  readonly interactionUid: string;
  readonly clientId: string;
  /** What the app shows. */
  readonly displayText: string;
  /** Added to it where the app has space for both. */
  readonly displayDetails?: string | undefined;
  /** As whom the app shows the relying party; undefined: as configured. */
  readonly relyingParty?: RelyingPartyName | undefined;
  /** The level that the login must have at least; undefined: the configured one. */
  readonly certificateLevel?: CertificateLevel | undefined;
  /** Whether the result is to have the evidence for a receipt. Default: false. */
  readonly keepsEvidence?: boolean | undefined;
  /** The network address of the browser; with `backchannel`, of the client's server. */
  readonly address: string;
  /** Family and system of the browser, as it names itself: `Firefox, Windows`; undefined if unknown, or without a browser. */
  readonly browser?: string | undefined;
}

/** A push to a person whose code was typed, or to the account that is remembered in a known browser. */
export type NotificationLoginRequest = LoginRequestBase & {
  readonly flow: FlowOf<'notification'>;
  /** Whether this person has used a device link in this browser before. */
  readonly knownBrowser: boolean;
  /** Whether they have logged in by a push in it: then it has the allowance of a known browser, and is unknown otherwise. Default: false. */
  readonly hasOwnAllowance?: boolean | undefined;
  /** Whether this browser runs on the device that receives the push: then the code is shown before the push. */
  readonly codeFirst: boolean;
  /** Whether the app must show the whole `displayText`. Default: false. */
  readonly wholeText?: boolean | undefined;
  /** Whether the client asked for it without a browser (CIBA). Default: false. */
  readonly backchannel?: boolean | undefined;
} & (
    | { readonly identifier: string; readonly documentNumber?: undefined }
    | { readonly documentNumber: string; readonly identifier?: undefined }
  );

/** A QR code and a link to the app, for anybody or, with an identifier, for one person only. */
export type DeviceLinkLoginRequest = LoginRequestBase & {
  /** The flow that the page shows first. The session serves all device-link flows. */
  readonly flow: DeviceLinkFlow;
  /** Semantics identifier of the one person who may answer. */
  readonly identifier?: string | undefined;
  /** The device-link flows by which the person may answer; undefined: all that are configured. */
  readonly answerBy?: readonly DeviceLinkFlow[] | undefined;
};

export type LoginRequest = NotificationLoginRequest | DeviceLinkLoginRequest;

/** A request to the callback URL. */
export interface CallbackRequest extends CallbackParameters {
  /** The callback's own parameter. */
  readonly value: string;
  /** Whether this browser started an interaction. */
  readonly isBoundToBrowser: (interactionUid: string) => boolean;
}
