import { createHash } from 'node:crypto';

/** The signed fields, in the order of the payload. */
export interface AcspV2Fields {
  readonly schemeName: string;
  /** Exactly as received, not decoded. */
  readonly serverRandom: string;
  /** Base64, exactly as sent. */
  readonly rpChallenge: string;
  /** Exactly as received, not decoded. */
  readonly userChallenge: string;
  readonly relyingPartyName: string;
  /** Default: empty, since no broker is involved. */
  readonly brokeredRpName?: string;
  /** Base64, exactly as sent. The digest covers this text, not the JSON that it encodes. */
  readonly interactions: string;
  readonly interactionTypeUsed: string;
  /** Exactly as sent, for the flow Web2App. Default: empty, as for QR and Notification. */
  readonly initialCallbackUrl?: string;
  readonly flowType: string;
}

/** Builds the payload that protocol ACSP_V2 signs. (RP API 3.2, Signature protocols, ACSP_V2 digest calculation) */
export function acspV2Payload(fields: AcspV2Fields): Buffer {
  const payload = [
    fields.schemeName,
    'ACSP_V2',
    fields.serverRandom,
    fields.rpChallenge,
    fields.userChallenge,
    base64(fields.relyingPartyName),
    base64(fields.brokeredRpName ?? ''),
    createHash('sha256').update(fields.interactions, 'utf8').digest('base64'),
    fields.interactionTypeUsed,
    fields.initialCallbackUrl ?? '',
    fields.flowType,
  ].join('|');
  return Buffer.from(payload, 'utf8');
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
