import type { Session } from '../accounts/sessions.ts';
import { codeChoices, hasCodeChoice, verificationCodeOf } from '../phone/verification-code.ts';

/** What a request waits for. */
export type Waiting =
  /** Its device link is not opened. */
  | 'deviceLink'
  /** Its device link is opened and names nobody. */
  | 'account'
  | 'answer';

/** A request in the control API's JSON. Undefined members are left out. */
export interface RequestDescription {
  readonly id: string;
  readonly api: 'v2' | 'v3';
  /** `DeviceLink` until the link is opened. */
  readonly flowType: 'Notification' | 'DeviceLink' | 'QR' | 'Web2App' | 'App2App';
  /** Null after the request is complete. */
  readonly waitsFor: Waiting | null;
  /** Whether the account answers by itself after the delay. */
  readonly automatic: boolean;
  readonly identifier: string | undefined;
  readonly documentNumber: string | undefined;
  readonly relyingPartyName: string;
  readonly certificateLevel: 'QUALIFIED' | 'ADVANCED';
  readonly interaction: { readonly type: string; readonly text: string };
  /** Of a notification. */
  readonly verificationCode: string | undefined;
  /** The codes to choose from, where the interaction has a choice. */
  readonly codes: readonly string[] | undefined;
  readonly startedAt: Date;
  readonly expiresAt: Date;
  readonly endResult: string | undefined;
  /** The callback that the app opens after a successful login on the same device. */
  readonly returnTo: string | undefined;
}

export function describeRequest(session: Session): RequestDescription {
  const { account, request, interaction, deviceLink, opened, completed } = session;
  return {
    id: session.id,
    api: request.api,
    flowType: deviceLink ? (opened?.linkType ?? 'DeviceLink') : 'Notification',
    waitsFor: waitingOf(session),
    automatic:
      !completed &&
      !session.held &&
      account?.behaviour.kind === 'automated' &&
      (!deviceLink || opened?.by === 'mock'),
    identifier: account?.identifier,
    documentNumber: account?.documentNumber,
    relyingPartyName: request.relyingPartyName,
    certificateLevel: request.certificateLevel,
    interaction: { type: interaction.type, text: interaction.text },
    verificationCode: deviceLink ? undefined : verificationCodeOf(session),
    codes: hasCodeChoice(session) ? codeChoices(verificationCodeOf(session), session.id) : undefined,
    startedAt: session.startedAt,
    expiresAt: session.expiresAt,
    endResult: completed?.status.result.endResult,
    returnTo: completed?.returnTo,
  };
}

function waitingOf({ completed, deviceLink, opened, account }: Session): Waiting | null {
  if (completed) return null;
  if (deviceLink && !opened) return 'deviceLink';
  return account ? 'answer' : 'account';
}
