/**
 * What a CA has said about the revocation of a certificate, with what is needed to verify it once more (`recorded.ts`).
 * `fingerprint` is that of the certificate in question.
 */
export type RevocationEvidence =
  | {
      readonly source: 'ocsp';
      readonly fingerprint: string;
      /** An OCSPResponse in DER. */
      readonly response: Uint8Array;
      /** Of the request. */
      readonly nonce: Uint8Array;
      /** When the response arrived. */
      readonly at: Date;
    }
  | {
      readonly source: 'crl';
      readonly fingerprint: string;
      /** A CertificateList in DER. */
      readonly list: Uint8Array;
    };
