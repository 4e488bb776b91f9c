/** The requests to a login: of a browser, or of a client on behalf of a person without one. */
import type { CallbackParameters, DeviceLinkRequest, NotificationRequest } from './authenticator.ts';

/** What a login has to know besides the request to the eID. */
interface LoginContext {
  readonly interactionUid: string;
  readonly clientId: string;
  /** The network address of the browser; with `backchannel`, of the client's server. */
  readonly address: string;
  /** Family and system of the browser, as it names itself: `Firefox, Windows`; undefined if unknown, or without a browser. */
  readonly browser?: string | undefined;
}

/** A push to a person whose code was typed, or to the account that is remembered in a known browser. */
export type NotificationLoginRequest = NotificationRequest &
  LoginContext & {
    /**
     * Whether the person has logged in by a push in this browser: then it has the allowance of a known browser, and is unknown
     * otherwise. Default: false.
     */
    readonly hasOwnAllowance?: boolean | undefined;
    /** Whether this browser runs on the device that receives the push: then the code is shown before the push. */
    readonly codeFirst: boolean;
    /** Whether the client asked for it without a browser (CIBA). Default: false. */
    readonly backchannel?: boolean | undefined;
  };

/** A QR code and a link to the app. The login makes the callback URL itself. */
export type DeviceLinkLoginRequest = Omit<DeviceLinkRequest, 'callbackUrl'> & LoginContext;

export type LoginRequest = NotificationLoginRequest | DeviceLinkLoginRequest;

/** A request to the callback URL. */
export interface CallbackRequest extends CallbackParameters {
  /** The callback's own parameter. */
  readonly value: string;
  /** Whether this browser started an interaction. */
  readonly isBoundToBrowser: (interactionUid: string) => boolean;
}
