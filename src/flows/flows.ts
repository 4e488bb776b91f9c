/**
 * The flows: how a person can log in with Smart-ID. One name each, in the configuration, on the pages, in an attempt, in
 * the audit and in the `flow` claim; what Smart-ID calls it is its `wireName`.
 *
 * A new flow begins with a row of the table. The compiler then lists every place that has to say what it does.
 */
export const FLOWS = ['qr', 'web2app', 'notification'] as const;

/** A QR code for the app on another device; a link that opens the app on this one; a personal code and a push. */
export type Flow = (typeof FLOWS)[number];

/** What creates the session at Smart-ID. The flows of one kind share a session: its QR code and its link lead to the same one. */
export type SessionKind = 'device_link' | 'notification';

export interface FlowTraits {
  readonly sessionKind: SessionKind;
  /** As Smart-ID spells it: `flowType` of an answer, part of what the app signs. (RP API 3.2, ACSP_V2 digest calculation) */
  readonly wireName: string;
  /**
   * Whether the app leads the browser back through the callback: an answer counts only together with what the callback
   * brought, and the callback's URL is part of what the app signs.
   */
  readonly needsCallback: boolean;
  /** Whether a request appears on a phone by itself, so that strangers could make it ring. */
  readonly sendsPush: boolean;
  /** What the waiting page shows. */
  readonly shows: 'qr_code' | 'app_link' | 'verification_code';
}

export const FLOW_TRAITS = {
  qr: {
    sessionKind: 'device_link',
    wireName: 'QR',
    needsCallback: false,
    sendsPush: false,
    shows: 'qr_code',
  },
  web2app: {
    sessionKind: 'device_link',
    wireName: 'Web2App',
    needsCallback: true,
    sendsPush: false,
    shows: 'app_link',
  },
  notification: {
    sessionKind: 'notification',
    wireName: 'Notification',
    needsCallback: false,
    sendsPush: true,
    shows: 'verification_code',
  },
} as const satisfies Readonly<Record<Flow, FlowTraits>>;

/** The flows whose sessions are of one kind. */
export type FlowOf<Kind extends SessionKind> = {
  [F in Flow]: (typeof FLOW_TRAITS)[F]['sessionKind'] extends Kind ? F : never;
}[Flow];

/** The flows that share a device-link session. */
export type DeviceLinkFlow = FlowOf<'device_link'>;

export function isDeviceLinkFlow(flow: Flow): flow is DeviceLinkFlow {
  switch (FLOW_TRAITS[flow].sessionKind) {
    case 'device_link':
      return true;
    case 'notification':
      return false;
  }
}

/** The flow that Smart-ID calls by this name; `undefined` for any other text, which the caller must refuse. */
export function flowOfWireName(wireName: string): Flow | undefined {
  return FLOWS.find((flow) => FLOW_TRAITS[flow].wireName === wireName);
}
