/** The algorithms of what clients sign and of what is signed or encrypted for them. (RFC 7518, RFC 8037) */

/** For the ID token, signed userinfo responses and receipts: the algorithms of Sild's own keys. */
const SIGNED = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const;
/** For what a client signs with its own key: assertions, request objects, DPoP proofs. */
const ASYMMETRIC = ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'] as const;
const ENCRYPTION = ['RSA-OAEP-256', 'ECDH-ES'] as const;
const CONTENT_ENCRYPTION = ['A128CBC-HS256', 'A256GCM'] as const;

export const ALGORITHMS = {
  idTokenSigningAlgValues: [...SIGNED],
  userinfoSigningAlgValues: [...SIGNED],
  // HS256 is for `client_secret_jwt`.
  clientAuthSigningAlgValues: ['HS256', ...ASYMMETRIC],
  requestObjectSigningAlgValues: [...ASYMMETRIC],
  dPoPSigningAlgValues: [...ASYMMETRIC],
  idTokenEncryptionAlgValues: [...ENCRYPTION],
  idTokenEncryptionEncValues: [...CONTENT_ENCRYPTION],
  userinfoEncryptionAlgValues: [...ENCRYPTION],
  userinfoEncryptionEncValues: [...CONTENT_ENCRYPTION],
  // None: the browser carries request objects, and may read all of their contents.
  requestObjectEncryptionAlgValues: [],
  requestObjectEncryptionEncValues: [],
} as const;
