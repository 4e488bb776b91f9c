import type { UnverifiedSessionStatus } from '../../rp-api/v3/session-status.ts';
import { requiredPart, VerificationError } from '../errors.ts';

/** The members of a response that verification needs. Only their presence has been checked. */
export interface UnverifiedResponse {
  readonly documentNumber: string;
  readonly interactionTypeUsed: string;
  readonly certificate: { readonly value: string; readonly level: string };
  readonly signature: {
    readonly value: string;
    readonly serverRandom: string;
    readonly userChallenge: string;
    readonly flowType: string;
    readonly algorithm: string;
    readonly hashAlgorithm: string;
    readonly maskGeneration: string;
    readonly maskHashAlgorithm: string;
    readonly saltLength: number;
    readonly trailerField: string;
  };
}

/**
 * Step 1: the session is complete, its end result is OK, the signature protocol is ACSP_V2, and all required members
 * are present. (RP API 3.2, Response verification)
 *
 * @throws VerificationError session_not_complete, end_result_not_ok, signature_protocol_unexpected,
 * response_part_missing
 */
export function completedResponse(status: UnverifiedSessionStatus): UnverifiedResponse {
  if (status.state !== 'COMPLETE') {
    throw new VerificationError('session_not_complete', 'the session is still running');
  }
  const { result, signature, cert, signatureProtocol } = status;
  if (requiredPart(result?.endResult, 'result.endResult') !== 'OK') {
    throw new VerificationError('end_result_not_ok', 'the session did not end with OK');
  }
  if (requiredPart(signatureProtocol, 'signatureProtocol') !== 'ACSP_V2') {
    throw new VerificationError('signature_protocol_unexpected', 'the signature protocol is not ACSP_V2');
  }
  const parameters = signature?.signatureAlgorithmParameters;
  const mask = parameters?.maskGenAlgorithm;
  return {
    documentNumber: requiredPart(result?.documentNumber, 'result.documentNumber'),
    interactionTypeUsed: requiredPart(status.interactionTypeUsed, 'interactionTypeUsed'),
    certificate: {
      value: requiredPart(cert?.value, 'cert.value'),
      level: requiredPart(cert?.certificateLevel, 'cert.certificateLevel'),
    },
    signature: {
      value: requiredPart(signature?.value, 'signature.value'),
      serverRandom: requiredPart(signature?.serverRandom, 'signature.serverRandom'),
      userChallenge: requiredPart(signature?.userChallenge, 'signature.userChallenge'),
      flowType: requiredPart(signature?.flowType, 'signature.flowType'),
      algorithm: requiredPart(signature?.signatureAlgorithm, 'signature.signatureAlgorithm'),
      hashAlgorithm: requiredPart(parameters?.hashAlgorithm, 'hashAlgorithm'),
      maskGeneration: requiredPart(mask?.algorithm, 'maskGenAlgorithm.algorithm'),
      maskHashAlgorithm: requiredPart(mask?.parameters?.hashAlgorithm, 'maskGenAlgorithm.parameters'),
      saltLength: requiredPart(parameters?.saltLength, 'saltLength'),
      trailerField: requiredPart(parameters?.trailerField, 'trailerField'),
    },
  };
}
