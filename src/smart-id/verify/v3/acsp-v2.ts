import { createHash } from 'node:crypto';

/** What an authentication signs, field by field. */
export interface AcspV2Fields {
  readonly schemeName: string;
  /** As it came, undecoded. */
  readonly serverRandom: string;
  /** Base64, as it was sent. */
  readonly rpChallenge: string;
  /** As it came, undecoded. */
  readonly userChallenge: string;
  readonly relyingPartyName: string;
  /** Default: empty, no broker is between. */
  readonly brokeredRpName?: string;
  /** Base64, as it was sent: that text is digested, not the JSON inside. */
  readonly interactions: string;
  readonly interactionTypeUsed: string;
  /** As it was sent, for the flow Web2App. Default: empty, as for QR and Notification. */
  readonly initialCallbackUrl?: string;
  readonly flowType: string;
}

/** The bytes under the signature of protocol ACSP_V2. (RP API 3.2, Signature protocols, ACSP_V2 digest calculation) */
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
