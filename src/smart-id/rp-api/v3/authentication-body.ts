import type { AuthenticationSession } from '../../authentication.ts';

/** The request body that device-link and notification sessions share. (RP API 3.2) */
export function authenticationBody(
  relyingPartyUUID: string,
  session: Omit<AuthenticationSession, 'sessionId' | 'deviceLink'>,
) {
  return {
    relyingPartyUUID,
    relyingPartyName: session.relyingPartyName,
    certificateLevel: session.certificateLevel,
    signatureProtocol: 'ACSP_V2',
    signatureProtocolParameters: {
      rpChallenge: session.rpChallenge,
      signatureAlgorithm: 'rsassa-pss',
      signatureAlgorithmParameters: { hashAlgorithm: session.hashAlgorithm },
    },
    interactions: session.interactions,
  };
}
