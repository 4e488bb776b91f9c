/** What a browser can ask of a login. */
import type { DeviceLinkFlow, FlowOf } from '../flows/flows.ts';
import type { CallbackParameters } from './authenticator.ts';

interface LoginRequestBase {
  readonly interactionUid: string;
  readonly clientId: string;
  /** What the app shows. */
  readonly displayText: string;
  /** The network address of the browser that asks. */
  readonly address: string;
}

/** A push, to a person whose code was typed or to the account that a known browser remembers. */
export type NotificationLoginRequest = LoginRequestBase & {
  readonly flow: FlowOf<'notification'>;
  /** Whether this person has used a device link in this browser before. */
  readonly knownBrowser: boolean;
  /** Whether this browser runs on the device that gets the push: then the code is shown a moment before. */
  readonly codeFirst: boolean;
} & (
    | { readonly identifier: string; readonly documentNumber?: undefined }
    | { readonly documentNumber: string; readonly identifier?: undefined }
  );

/** A QR code and a link to the app, for anybody or, with an identifier, for one person. */
export type DeviceLinkLoginRequest = LoginRequestBase & {
  /** The one that the page shows first; the session serves all of them. */
  readonly flow: DeviceLinkFlow;
  /** Semantics identifier of the one person who may answer. */
  readonly identifier?: string | undefined;
};

export type LoginRequest = NotificationLoginRequest | DeviceLinkLoginRequest;

/** A browser came back through the callback. */
export interface CallbackRequest extends CallbackParameters {
  /** The callback's own parameter. */
  readonly value: string;
  /** Whether this browser began an interaction. */
  readonly isBoundToBrowser: (interactionUid: string) => boolean;
}
