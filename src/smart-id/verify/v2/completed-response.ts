import type { UnverifiedSessionStatusV2 } from '../../rp-api/v2/session-status.ts';
import { requiredPart, VerificationError } from '../errors.ts';

/** The members of a response that verification needs. Only their presence has been checked. */
export interface UnverifiedResponseV2 {
  readonly documentNumber: string;
  readonly interactionFlowUsed: string;
  readonly certificate: { readonly value: string; readonly level: string };
  readonly signature: { readonly value: string; readonly algorithm: string };
}

/**
 * Step 1: the session is complete, its end result is OK, and all required members are present.
 *
 * @throws VerificationError session_not_complete, end_result_not_ok, response_part_missing
 */
export function completedResponseV2(status: UnverifiedSessionStatusV2): UnverifiedResponseV2 {
  if (status.state !== 'COMPLETE') {
    throw new VerificationError('session_not_complete', 'the session is still running');
  }
  const { result, signature, cert } = status;
  if (requiredPart(result?.endResult, 'result.endResult') !== 'OK') {
    throw new VerificationError('end_result_not_ok', 'the session did not end with OK');
  }
  return {
    documentNumber: requiredPart(result?.documentNumber, 'result.documentNumber'),
    interactionFlowUsed: requiredPart(status.interactionFlowUsed, 'interactionFlowUsed'),
    certificate: {
      value: requiredPart(cert?.value, 'cert.value'),
      level: requiredPart(cert?.certificateLevel, 'cert.certificateLevel'),
    },
    signature: {
      value: requiredPart(signature?.value, 'signature.value'),
      algorithm: requiredPart(signature?.algorithm, 'signature.algorithm'),
    },
  };
}
