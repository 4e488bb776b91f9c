import { constants, verify } from 'node:crypto';
import type { VerifiedCertificate } from '../../../pki/certificate.ts';
import { type Flow, FLOW_TRAITS } from '../../../flows/flows.ts';
import type { AuthenticationSession } from '../../authentication.ts';
import type { InteractionType } from '../../../login/failure.ts';
import { acspV2Payload } from './acsp-v2.ts';
import { decodeCanonicalBase64 } from '../base64.ts';
import type { UnverifiedAnswer } from './completed-answer.ts';
import { VerificationError } from '../errors.ts';
import { strongRsaKey } from '../rsa-key.ts';
import { requirePssParameters } from './signature-parameters.ts';

/** As in SK's schema, 24 characters or more. Signed as text; no `|` may come in, or one field could pass for two. */
const SERVER_RANDOM = /^(?=.{24})[0-9A-Za-z+/]+={0,2}$/;
/** Base64url of a SHA-256. */
const USER_CHALLENGE = /^[0-9A-Za-z_-]{43}$/;

/**
 * Step 11: the person's key signed the answer to what this login asked.
 *
 * @throws VerificationError the codes of the signature's algorithm and key, response_part_malformed, signature_invalid
 */
export function requireSignature(
  certificate: VerifiedCertificate,
  signature: UnverifiedAnswer['signature'],
  session: AuthenticationSession,
  used: { readonly flow: Flow; readonly interaction: InteractionType },
): void {
  const hash = requirePssParameters(signature, session.hashAlgorithm);
  const key = strongRsaKey(certificate);
  const { serverRandom, userChallenge } = signature;
  requireForm(serverRandom, SERVER_RANDOM, 'signature.serverRandom');
  requireForm(userChallenge, USER_CHALLENGE, 'signature.userChallenge');
  const { needsCallback, wireName } = FLOW_TRAITS[used.flow];
  const value = decodeCanonicalBase64(signature.value, 'signature.value');
  const payload = acspV2Payload({
    schemeName: session.schemeName,
    serverRandom,
    rpChallenge: session.rpChallenge,
    userChallenge,
    relyingPartyName: session.relyingPartyName,
    interactions: session.interactions,
    interactionTypeUsed: used.interaction,
    initialCallbackUrl: needsCallback ? (session.deviceLink?.initialCallbackUrl ?? '') : '',
    flowType: wireName,
  });
  // node:crypto takes MGF1 of the same hash, and a stated saltLength as the only one.
  const pss = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: hash.length };
  if (!verify(hash.name, payload, pss, value)) {
    throw new VerificationError('signature_invalid', 'the signature is not of this answer to this login');
  }
}

function requireForm(text: string, form: RegExp, part: string): void {
  if (!form.test(text)) throw new VerificationError('response_part_malformed', `${part} is not of its form`);
}
