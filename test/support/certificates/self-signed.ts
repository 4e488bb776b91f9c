/** Self-signed certificates for TLS servers in tests. */
import { X509Certificate } from 'node:crypto';
import { GeneralName, SubjectAlternativeName } from '@peculiar/asn1-x509';
import {
  distinguishedName,
  ecKeyPair,
  extension,
  issueCertificate,
  signatureAlgorithms,
} from './certificate-encoding.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Both PEM. */
export interface SelfSigned {
  readonly cert: string;
  readonly key: string;
}

/** @param hosts DNS names or IP addresses */
export function selfSigned(...hosts: readonly [string, ...string[]]): SelfSigned {
  const { publicKey, privateKey } = ecKeyPair('P-256');
  const name = distinguishedName(['2.5.4.3', hosts[0]]);
  const certificate = issueCertificate({
    issuer: name,
    subject: name,
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + DAY_MS),
    publicKey,
    signingKey: privateKey,
    algorithm: signatureAlgorithms.ecdsaWithSha256,
    extensions: [
      extension(
        '2.5.29.17',
        new SubjectAlternativeName(
          hosts.map(
            (host) => new GeneralName(/^[\d.]+$/.test(host) ? { iPAddress: host } : { dNSName: host }),
          ),
        ),
      ),
    ],
  });
  return {
    cert: new X509Certificate(certificate).toString(),
    key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
  };
}
