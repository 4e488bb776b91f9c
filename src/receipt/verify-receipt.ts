/**
 * Verifies a receipt once more: without a network, a database or the Sild that gave it. (docs/receipts.md)
 *
 *   JWS ─ typ, Sild's key, Sild's signature ─▶ whose login, at which client, when ─┐
 *   evidence in it ─ the steps of the login, smart-id/verify ─▶ the person ────────┴─▶ VerifiedReceipt
 */
import { compactVerify, createLocalJWKSet, decodeProtectedHeader, errors, type JSONWebKeySet } from 'jose';
import { z } from 'zod';
import { type ReceiptPayload, receiptPayloadSchema, RECEIPT_TYPE } from '../oidc/receipts/receipt-payload.ts';
import type { VerifiedAuthentication } from '../smart-id/authentication.ts';
import { type Evidence, evidenceSchema } from '../smart-id/evidence/evidence.ts';
import { type EvidenceContext, verifyEvidence } from '../smart-id/evidence/verify-evidence.ts';

/** A receipt is refused before its evidence is looked at. The message is a sentence for whoever verifies it. */
export class ReceiptError extends Error {
  readonly code:
    | 'receipt_malformed'
    | 'receipt_type_unexpected'
    | 'receipt_key_unknown'
    | 'receipt_key_compromised'
    | 'receipt_signature_invalid';

  constructor(code: ReceiptError['code'], message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'ReceiptError';
    this.code = code;
  }
}

export interface ReceiptContext extends EvidenceContext {
  /**
   * The public keys of the Sild that gave the receipt. Undefined: only the evidence is verified, and whose login it was, at which
   * client and when is what the receipt claims.
   */
  readonly keys: JSONWebKeySet | undefined;
}

export interface VerifiedReceipt {
  /** The `kid` of the key that signed; undefined if the signature was not verified. */
  readonly kid: string | undefined;
  readonly payload: ReceiptPayload;
  readonly evidence: Evidence;
  readonly authentication: VerifiedAuthentication;
}

const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];

/**
 * @param text the JWS in compact serialisation, or the userinfo response that has it
 * @throws ReceiptError, and as `verifyEvidence`
 */
export async function verifyReceipt(
  text: string,
  { keys, ...context }: ReceiptContext,
): Promise<VerifiedReceipt> {
  const jws = jwsIn(text);
  const { typ, kid } = headerOf(jws);
  if (typ !== RECEIPT_TYPE) {
    throw new ReceiptError('receipt_type_unexpected', `the JWS is not of the type ${RECEIPT_TYPE}`);
  }
  if (keys) await requireSignature(jws, keys, kid);
  const payload = payloadOf(jws);
  const evidence = evidenceSchema.safeParse(payload.evidence);
  if (!evidence.success) throw malformed('the evidence does not have the form of Sild’s', evidence.error);
  const authentication = await verifyEvidence(evidence.data, context);
  return { kid: keys && kid, payload, evidence: evidence.data, authentication };
}

const userinfo = z.object({ receipt: z.string() });

function jwsIn(text: string): string {
  const trimmed = text.trim();
  if (!trimmed.startsWith('{')) return trimmed;
  try {
    return userinfo.parse(JSON.parse(trimmed)).receipt;
  } catch (cause) {
    throw malformed('the JSON has no receipt', cause);
  }
}

function headerOf(jws: string) {
  try {
    return decodeProtectedHeader(jws);
  } catch (cause) {
    throw malformed('it is not a JWS', cause);
  }
}

async function requireSignature(jws: string, keys: JSONWebKeySet, kid: string | undefined): Promise<void> {
  // Without an ID, a key that is compromised could verify it.
  if (kid === undefined)
    throw new ReceiptError('receipt_key_unknown', 'the receipt does not say which key signed');
  if (keys.keys.some((key) => key.kid === kid && 'compromised' in key)) {
    throw new ReceiptError(
      'receipt_key_compromised',
      'the key that signed was replaced because somebody else may have it; --evidence-only verifies Smart-ID’s part',
    );
  }
  try {
    await compactVerify(jws, createLocalJWKSet(keys), { algorithms: ALGORITHMS });
  } catch (cause) {
    if (cause instanceof errors.JWKSNoMatchingKey) {
      throw new ReceiptError('receipt_key_unknown', 'none of the keys is the one that signed', { cause });
    }
    if (!(cause instanceof errors.JOSEError)) throw cause;
    throw new ReceiptError('receipt_signature_invalid', 'Sild’s signature does not verify', { cause });
  }
}

function payloadOf(jws: string): ReceiptPayload {
  try {
    const [, payload = ''] = jws.split('.');
    return receiptPayloadSchema.parse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
  } catch (cause) {
    throw malformed('its contents do not have the form of a receipt', cause);
  }
}

function malformed(message: string, cause: unknown): ReceiptError {
  return new ReceiptError('receipt_malformed', message, { cause });
}
