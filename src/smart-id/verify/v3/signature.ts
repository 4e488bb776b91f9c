import { constants, verify } from 'node:crypto';
import type { VerifiedCertificate } from '../../../pki/certificate.ts';
import { type Flow, FLOW_TRAITS } from '../../../flows/flows.ts';
import type { AskedAuthentication } from '../../authentication.ts';
import type { InteractionType } from '../../../login/failure.ts';
import { acspV2Payload } from './acsp-v2.ts';
import { decodeCanonicalBase64 } from '../base64.ts';
import type { UnverifiedResponse } from './completed-response.ts';
import { VerificationError } from '../errors.ts';
import { strongRsaKey } from '../rsa-key.ts';
import { requirePssParameters } from './signature-parameters.ts';

/**
 * SK's schema: at least 24 characters. The text is signed; it must not contain `|`, the separator of the payload's
 * fields.
 */
const SERVER_RANDOM = /^(?=.{24})[0-9A-Za-z+/]+={0,2}$/;
/** Base64url of a SHA-256 digest. */
const USER_CHALLENGE = /^[0-9A-Za-z_-]{43}$/;

/**
 * Step 11: the certified key signed this response to this request. (RP API 3.2, Response verification; RFC 8017, 8.1.2)
 *
 * @throws VerificationError the codes of `requirePssParameters` and `strongRsaKey`, response_part_malformed,
 * signature_invalid
 */
export function requireSignature(
  certificate: VerifiedCertificate,
  signature: UnverifiedResponse['signature'],
  session: AskedAuthentication,
  used: { readonly flow: Flow; readonly interaction: InteractionType },
): void {
  const hash = requirePssParameters(signature, session.hashAlgorithm);
  const key = strongRsaKey(certificate);
  const { serverRandom, userChallenge } = signature;
  requireFormat(serverRandom, SERVER_RANDOM, 'signature.serverRandom');
  requireFormat(userChallenge, USER_CHALLENGE, 'signature.userChallenge');
  const { needsCallback, wireName } = FLOW_TRAITS[used.flow];
  const value = decodeCanonicalBase64(signature.value, 'signature.value');
  const payload = acspV2Payload({
    schemeName: session.schemeName,
    serverRandom,
    rpChallenge: session.rpChallenge,
    userChallenge,
    relyingPartyName: session.relyingPartyName,
    brokeredRpName: session.brokeredRpName ?? '',
    interactions: session.interactions,
    interactionTypeUsed: used.interaction,
    initialCallbackUrl: needsCallback ? (session.deviceLink?.initialCallbackUrl ?? '') : '',
    flowType: wireName,
  });
  // node:crypto uses MGF1 with the same hash, and accepts no other salt length than the one given here.
  const pss = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: hash.length };
  if (!verify(hash.name, payload, pss, value)) {
    throw new VerificationError(
      'signature_invalid',
      'the signature does not verify over this response to this request',
    );
  }
}

function requireFormat(text: string, format: RegExp, part: string): void {
  if (!format.test(text))
    throw new VerificationError('response_part_malformed', `${part} has an invalid format`);
}
