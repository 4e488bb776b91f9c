import { AsnConvert } from '@peculiar/asn1-schema';
import { Certificate } from '@peculiar/asn1-x509';
import { ecKeyPair, rsaKeyPair, signatureAlgorithms } from '../certificates/certificate-encoding.ts';
import type { KeyPair, SignatureAlgorithm } from '../certificates/certificate-encoding.ts';
import { authenticationTemplate, issueAuthentication, issued } from '../certificates/certificates.ts';
import type { IssuedCertificate, TestPki } from '../certificates/certificates.ts';
import {
  anotherKey,
  isRsa,
  issuedUnder,
  issuingCa,
  type PathDefects,
  rewritten,
  trustIn,
  withoutExtension,
} from './hierarchy.ts';

const AUTHORITY_KEY_IDENTIFIER = '2.5.29.35';

/** Certificates whose signature is not the issuer's, or has an unsupported algorithm. */
export const certificateSignatureDefects: PathDefects = {
  'it names the right issuer, but another key signed it': [
    'certificate_signature_invalid',
    rightIssuerNameWrongKey,
  ],
  'a CA of the same name signed it, and it has no authority key identifier': [
    'certificate_signature_invalid',
    namesakeWithoutKeyIdentifier,
  ],
  'another key signed the issuing CA’s certificate': [
    'certificate_signature_invalid',
    (pki) =>
      issuedUnder(pki, { pathLength: 0, issuer: { ...pki.root, privateKey: anotherKey(pki).privateKey } }),
  ],
  'its subject was changed after signing': ['certificate_signature_invalid', tamperedBytes],
  'one bit of its signature is changed': ['certificate_signature_invalid', alteredSignature],
  'its signature is empty': ['certificate_signature_invalid', (pki) => resigned(pki, () => Buffer.of())],
  'its signature consists of zeros': ['certificate_signature_invalid', zeroSignature],
  'its signature is truncated': [
    'certificate_signature_invalid',
    (pki) => resigned(pki, (value) => value.subarray(0, -1)),
  ],
  'bytes follow its signature': [
    'certificate_signature_invalid',
    (pki) => resigned(pki, (value) => Buffer.concat([value, Buffer.of(0)])),
  ],
  'its signature is of another certificate': ['certificate_signature_invalid', signatureOfAnother],
  'its signature algorithm is for another type of key': [
    'certificate_signature_invalid',
    algorithmOfOtherKeyType,
  ],
  'it was signed with SHA-1': [
    'signature_algorithm_refused',
    (pki) => issued(pki, { ...authenticationTemplate(pki), algorithm: sha1Of(pki) }),
  ],
  'it was signed with MD5': ['signature_algorithm_refused', (pki) => signedByRsa(pki, 'rsaWithMd5')],
  'it was signed with RSA-PSS': [
    'signature_algorithm_refused',
    (pki) => signedByRsa(pki, 'rsaPssWithSha256'),
  ],
  'its signature algorithm has invalid parameters': [
    'signature_algorithm_refused',
    invalidAlgorithmParameters,
  ],
  'the issuing CA was signed with SHA-1': [
    'signature_algorithm_refused',
    (pki) => issuedUnder(pki, { issuer: { ...pki.root, algorithm: sha1Of(pki) } }),
  ],
  'the issuing CA has an RSA key of 1024 bits': [
    'signature_algorithm_refused',
    (pki) => issuedUnderKey(pki, rsaKeyPair('issuing, short', 1024), signatureAlgorithms.rsaWithSha256),
  ],
  'the issuing CA’s key is on an unsupported curve': [
    'signature_algorithm_refused',
    (pki) => issuedUnderKey(pki, ecKeyPair('secp256k1'), signatureAlgorithms.ecdsaWithSha256),
  ],
};

/** Another person's identifier replaces the signed one; still well-formed DER. */
export function tamperedBytes(pki: TestPki): IssuedCertificate {
  return rewritten(issueAuthentication(pki), (der) => {
    const at = der.lastIndexOf('PNOEE-40504040001', der.indexOf('PNOEE-40504040001-MOCK-Q') - 1);
    der.write('PNOEE-50001029996', at);
    return der;
  });
}

/** Names the issuing CA and its key identifier, but another key signed it. */
function rightIssuerNameWrongKey(pki: TestPki): IssuedCertificate {
  return issued(pki, { ...authenticationTemplate(pki), signingKey: anotherKey(pki).privateKey });
}

function namesakeWithoutKeyIdentifier(pki: TestPki): IssuedCertificate {
  const namesake = issuingCa(pki, {});
  return {
    ...withoutExtension({ ...pki, issuing: namesake }, AUTHORITY_KEY_IDENTIFIER),
    trust: trustIn(pki, pki.issuing),
  };
}

function alteredSignature(pki: TestPki): IssuedCertificate {
  return rewritten(issueAuthentication(pki), (der) => {
    der[der.length - 1] = (der.at(-1) ?? 0) ^ 0x01;
    return der;
  });
}

/** A signature that is valid for every message if a verifier does not check the range of r and s. */
function zeroSignature(pki: TestPki): IssuedCertificate {
  return resigned(pki, () => (isRsa(pki) ? Buffer.alloc(256) : Buffer.from('3006020100020100', 'hex')));
}

function signatureOfAnother(pki: TestPki): IssuedCertificate {
  const { certificate } = issueAuthentication(pki, { surname: 'OTHER' });
  const { signatureValue } = AsnConvert.parse(certificate, Certificate);
  return resigned(pki, () => Buffer.from(signatureValue));
}

function resigned(pki: TestPki, rewrite: (signature: Buffer) => Buffer): IssuedCertificate {
  return rewritten(issueAuthentication(pki), (der) => {
    const certificate = AsnConvert.parse(der, Certificate);
    certificate.signatureValue = Uint8Array.from(rewrite(Buffer.from(certificate.signatureValue))).buffer;
    return Buffer.from(AsnConvert.serialize(certificate));
  });
}

function algorithmOfOtherKeyType(pki: TestPki): IssuedCertificate {
  const [signingKey, algorithm] = isRsa(pki)
    ? [ecKeyPair('P-384').privateKey, signatureAlgorithms.ecdsaWithSha384]
    : [rsaKeyPair('authentication').privateKey, signatureAlgorithms.rsaWithSha256];
  return issued(pki, { ...authenticationTemplate(pki), algorithm, signingKey });
}

function signedByRsa(pki: TestPki, name: 'rsaWithMd5' | 'rsaPssWithSha256'): IssuedCertificate {
  return issuedUnderKey(pki, rsaKeyPair('another issuing'), signatureAlgorithms[name]);
}

/** An account under an issuing CA with this key and signature algorithm. */
function issuedUnderKey(pki: TestPki, keys: KeyPair, algorithm: SignatureAlgorithm): IssuedCertificate {
  const issuing = { ...issuingCa(pki, { keys }), algorithm };
  return { ...issueAuthentication({ ...pki, issuing }), trust: trustIn(pki, issuing) };
}

/** ECDSA has no parameters; RSA has NULL. */
function invalidAlgorithmParameters(pki: TestPki): IssuedCertificate {
  const parameters = isRsa(pki) ? Buffer.of(0x04, 0x01, 0x00) : null;
  return issued(pki, {
    ...authenticationTemplate(pki),
    algorithm: { ...pki.issuing.algorithm, parameters },
  });
}

function sha1Of(pki: TestPki): SignatureAlgorithm {
  return isRsa(pki) ? signatureAlgorithms.rsaWithSha1 : signatureAlgorithms.ecdsaWithSha1;
}
