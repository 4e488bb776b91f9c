/** A CA for the TLS certificates of clients, and certificates of it. */
import { X509Certificate } from 'node:crypto';
import {
  BasicConstraints,
  ExtendedKeyUsage,
  GeneralName,
  id_kp_clientAuth,
  KeyUsage,
  KeyUsageFlags,
  SubjectAlternativeName,
} from '@peculiar/asn1-x509';
import {
  distinguishedName,
  ecKeyPair,
  extension,
  issueCertificate,
  type KeyPair,
  signatureAlgorithms,
} from './certificate-encoding.ts';

const HOUR_MS = 3_600_000;
const ALGORITHM = signatureAlgorithms.ecdsaWithSha256;

export interface ClientCa extends KeyPair {
  readonly name: ReturnType<typeof distinguishedName>;
  readonly certificate: X509Certificate;
}

export interface ClientCertificateOptions {
  /** Attributes of the subject, the least specific first. Default: C=EE, O=Example, CN=client. */
  readonly subject?: readonly [oid: string, value: string][];
  readonly alternatives?: readonly GeneralName[];
  /** Undefined: no extension. Default: clientAuth. */
  readonly purposes?: readonly string[] | undefined;
  readonly keyUsage?: number;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

export interface ClientCertificate {
  readonly certificate: X509Certificate;
  /** PEM. */
  readonly cert: string;
  readonly key: string;
}

export function createClientCa(commonName = 'A CA of clients'): ClientCa {
  const keys = ecKeyPair('P-256');
  const name = distinguishedName(['2.5.4.3', commonName]);
  const der = issueCertificate({
    issuer: name,
    subject: name,
    notBefore: new Date(Date.now() - HOUR_MS),
    notAfter: new Date(Date.now() + HOUR_MS),
    publicKey: keys.publicKey,
    signingKey: keys.privateKey,
    algorithm: ALGORITHM,
    extensions: [
      extension('2.5.29.19', new BasicConstraints({ cA: true }), true),
      extension('2.5.29.15', new KeyUsage(KeyUsageFlags.keyCertSign), true),
    ],
  });
  return { ...keys, name, certificate: new X509Certificate(der) };
}

/** @param issuer undefined: self-signed */
export function clientCertificate(
  issuer: ClientCa | undefined,
  options: ClientCertificateOptions = {},
): ClientCertificate {
  const { publicKey, privateKey } = ecKeyPair('P-256');
  const attributes = options.subject ?? [
    ['2.5.4.6', 'EE'],
    ['2.5.4.10', 'Example'],
    ['2.5.4.3', 'client'],
  ];
  const subject = distinguishedName(...attributes);
  const purposes = 'purposes' in options ? options.purposes : [id_kp_clientAuth];
  const der = issueCertificate({
    issuer: issuer?.name ?? subject,
    subject,
    notBefore: options.notBefore ?? new Date(Date.now() - HOUR_MS),
    notAfter: options.notAfter ?? new Date(Date.now() + HOUR_MS),
    publicKey,
    signingKey: issuer?.privateKey ?? privateKey,
    algorithm: ALGORITHM,
    extensions: [
      extension('2.5.29.15', new KeyUsage(options.keyUsage ?? KeyUsageFlags.digitalSignature), true),
      ...(purposes ? [extension('2.5.29.37', new ExtendedKeyUsage([...purposes]))] : []),
      ...(options.alternatives
        ? [extension('2.5.29.17', new SubjectAlternativeName([...options.alternatives]))]
        : []),
    ],
  });
  const certificate = new X509Certificate(der);
  return {
    certificate,
    cert: certificate.toString(),
    key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
  };
}
