/** Self-signed certificates for TLS servers in tests. */
import { X509Certificate } from 'node:crypto';
import { GeneralName, SubjectAlternativeName } from '@peculiar/asn1-x509';
import {
  distinguishedName,
  ecKeyPair,
  extension,
  issueCertificate,
  type KeyPair,
  rsaKeyPair,
  type SignatureAlgorithm,
  signatureAlgorithms,
} from './certificate-encoding.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Both PEM. */
export interface SelfSigned {
  readonly cert: string;
  readonly key: string;
}

type Hosts = readonly [string, ...string[]];

/** With a P-256 key. @param hosts DNS names or IP addresses */
export function selfSigned(...hosts: Hosts): SelfSigned {
  return signedBy(ecKeyPair('P-256'), signatureAlgorithms.ecdsaWithSha256, hosts);
}

/** With an RSA key. @param hosts DNS names or IP addresses */
export function selfSignedRsa(...hosts: Hosts): SelfSigned {
  return signedBy(rsaKeyPair('self-signed'), signatureAlgorithms.rsaWithSha256, hosts);
}

function signedBy(
  { publicKey, privateKey }: KeyPair,
  algorithm: SignatureAlgorithm,
  hosts: Hosts,
): SelfSigned {
  const name = distinguishedName(['2.5.4.3', hosts[0]]);
  const certificate = issueCertificate({
    issuer: name,
    subject: name,
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + DAY_MS),
    publicKey,
    signingKey: privateKey,
    algorithm,
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
