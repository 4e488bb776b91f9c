/**
 * Why Sild's verdict may differ from that of OpenSSL or node:crypto. Each row was reviewed; a difference without a row fails the
 * test, and so does a row that no sample of a full run needs.
 */
import { type DerNode, nodesOf, readTree } from '../mutations/der-tree.ts';

/** A sample that Sild accepts and another judge refuses. */
export interface Laxer {
  readonly by: readonly ('OpenSSL' | 'node:crypto')[];
  readonly says: RegExp;
  /** A property of the certificates, response or list, in DER. Default: any. */
  readonly of?: (der: Buffer) => boolean;
  readonly why: string;
}

/** A sample that Sild refuses, with this code and detail, and OpenSSL accepts. */
export interface Stricter {
  readonly says: RegExp;
  readonly why: string;
}

const UTC_TIME = 0x17;
/** ipAddrBlocks and autonomousSysIds of RFC 3779, and the certificate type of Netscape. */
const UNKNOWN_EXTENSIONS = ['06082b06010505070107', '06082b06010505070108', '06096086480186f8420101'].map(
  (oid) => Buffer.from(oid, 'hex'),
);
const PROXY_CERTIFICATE_INFO = Buffer.from('06082b0601050507010e', 'hex');

export const LAXER: readonly Laxer[] = [
  {
    by: ['OpenSSL'],
    says: /Missing Authority Key Identifier$/,
    why: 'RFC 5280 4.2.1.1 is a duty of CAs. Names and signatures lead to the issuer; path validation (6.1) does not use it.',
  },
  {
    by: ['OpenSSL'],
    says: /Missing Subject Key Identifier$/,
    why: 'RFC 5280 4.2.1.2, as above.',
  },
  {
    by: ['OpenSSL', 'node:crypto'],
    says: /unable to get (local issuer certificate|certificate CRL)$|^another issuer$/,
    of: namesIssuersCertificate,
    why:
      'The authority key identifier names the issuer’s own issuer and serial number. They choose between certificates of one ' +
      'key and CA, for example renewed ones; refusing the others would add nothing to name and signature. (RFC 4158 3.5.13)',
  },
  {
    by: ['OpenSSL', 'node:crypto'],
    says: /unable to get local issuer certificate$|proxy certificates not allowed|^another issuer$|^the issuer is not a CA$/,
    of: (der) => der.includes(PROXY_CERTIFICATE_INFO),
    why:
      'A proxyCertInfo that is not critical. A proxy certificate is issued by an end entity, which Sild never accepts as an ' +
      'issuer; in one that a CA has issued the extension has no meaning. (RFC 3820 3.8: it must be critical)',
  },
  {
    by: ['OpenSSL', 'node:crypto'],
    says: /unable to get local issuer certificate$|^invalid certificate$|^another issuer$|^the issuer is not a CA$/,
    of: (der) => UNKNOWN_EXTENSIONS.some((oid) => der.includes(oid)),
    why: 'A malformed extension that is not critical and that Sild does not know: it is ignored. (RFC 5280 4.2)',
  },
  {
    by: ['OpenSSL'],
    says: /Basic Constraints of CA cert not marked critical$/,
    why: 'A duty of CAs (RFC 5280 4.2.1.9). Sild processes the extension, critical or not.',
  },
  {
    by: ['OpenSSL'],
    says: /^Subject empty and Subject Alt Name extension not critical$/,
    why: 'An empty subject has no serialNumber, so that identity/ finds no person in it.',
  },
  {
    by: ['OpenSSL'],
    says: /^Issuer name empty$/,
    why: 'Of a trust anchor: the operator trusts the certificate itself, its issuer is not used.',
  },
  {
    by: ['OpenSSL'],
    says: /^EE certificate key too weak$|^Certificate public key has explicit ECC parameters$/,
    why: 'The person’s key is judged where it is used: smart-id/verify/rsa-key.ts demands RSA of 2048 bits.',
  },
  {
    by: ['OpenSSL'],
    says: /^CRL (has expired|is not yet valid)$/,
    of: isListAround(Date.now()),
    why: 'Sild tolerates clocks that differ by minutes where two of them meet (docs/security.md, a wrong clock).',
  },
  {
    by: ['OpenSSL'],
    says: /^invalid or inconsistent certificate policy extension$/,
    why: 'Only the qualifiers of a policy are malformed: texts for people, which Sild does not read.',
  },
];

export const STRICTER: readonly Stricter[] = [
  {
    says: /_malformed: (not a SEQUENCE|length not minimal|indefinite length|length out of bounds|bytes after the value|a value longer than what holds it|a value without tag and length|a value of tag 0x\w+ is not well-formed|tag 0x\w+ out of place|a tag of more than one octet)$/,
    why: 'DER only, everywhere. OpenSSL reads BER, and leaves what it does not use unread.',
  },
  {
    says: /_malformed: (does not parse|not all of one kind|not laid out as it should be|an extension of another type|an extension is not a type, a criticality and a value|not a general name|not a time|not exactly one dateOfBirth|dateOfBirth is not a GeneralizedTime|a list without a name|not one name of a list|not the name of a list|an attribute is not a type and a value|the value of an attribute is not text)$/,
    why:
      'Sild reads more: subjectDirectoryAttributes, addresses of responders and lists, extensions of a trust anchor; and refuses ' +
      'unique identifiers, which RFC 5280 4.1.2.8 forbids.',
  },
  {
    says: /_malformed: (extension [\d.]+ is there twice|a policy is there twice)$/,
    why: 'No extension may be there twice (RFC 5280 4.2). OpenSSL says so of those that it reads.',
  },
  {
    says: /_malformed: (an extension without content|a key usage without content|a path length, and not a CA)$/,
    why: 'RFC 5280: SIZE (1..MAX), at least one bit, only with cA. OpenSSL does not say so of trust anchors, or at all.',
  },
  {
    says: /^crl_delta: |^crl_critical_extension: an entry has a critical extension$/,
    why: 'Lists of changes, and entries of other issuers, are not accepted; OpenSSL ignores them where it is not asked to.',
  },
  {
    says: /^crl_malformed: (not version 2|two algorithms)$/,
    why: 'Only version 2 has extensions (RFC 5280 5.1.2.1), and both algorithms must be the same (5.1.1.2).',
  },
  { says: /_malformed: larger than/, why: 'A limit on what is parsed.' },
  {
    says: /_malformed: not version 3$/,
    why: 'Only version 3 has extensions (RFC 5280 4.1.2.1); OpenSSL accepts any higher number.',
  },
  {
    says: /_malformed: path length out of bounds$/,
    why: 'A path length beyond 32 bits is no limit; OpenSSL reads it as none.',
  },
  {
    says: /critical extension (2\.5\.29\.(30|33|36|54)|2\.16\.840\.1\.113730\.1\.1|1\.3\.6\.1\.5\.5\.7\.48\.1\.5) is not understood$/,
    why:
      'Constraints on names and policies, and extensions without a meaning for Smart-ID, are not implemented: refused if critical, ' +
      'the constraints always.',
  },
  {
    says: /^no_path_to_trust_anchor: |_responder_not_authorised: .* is of another CA$|^ocsp_responder_unknown: |^crl_other_issuer: /,
    why:
      'Names are compared by their bytes, which is stricter than RFC 5280 7.1 (case, spaces, types of text). A CA writes its own ' +
      'name in one way.',
  },
  {
    says: /^end_entity_is_a_ca: /,
    why: 'OpenSSL verifies a CA’s certificate too; Sild verifies persons and responders.',
  },
  {
    says: /signature algorithm 1\.2\.840\.113549\.1\.1\.10 is not accepted$|an issuer’s key of type ec is not accepted$/,
    why: 'RSA-PSS in certificates and curves besides NIST’s: no Smart-ID CA uses them.',
  },
  {
    says: /parameters of signature algorithm [\d.]+ is not accepted$/,
    why: 'RFC 4055 5 and RFC 5758 3.2: NULL or none for RSA, none for ECDSA. OpenSSL ignores them.',
  },
  {
    says: /^(ocsp|crl)_signature_invalid: signature algorithm (1\.2\.840\.10045\.4\.1|1\.2\.840\.113549\.1\.1\.5) is not accepted$/,
    why: 'No SHA-1 in responses and lists. OpenSSL applies its security level only to certificates.',
  },
  {
    says: /^ocsp_other_certificate: /,
    why: 'Two answers about one certificate could differ. OpenSSL takes the first.',
  },
  {
    says: /^ocsp_nonce_mismatch: /,
    why: 'The command is given no request, so that it compares no nonce.',
  },
  {
    says: /^ocsp_(stale|in_the_future): /,
    why: 'Every response must have been produced now, because Sild accepts one without a nonce. OpenSSL ignores producedAt.',
  },
  {
    says: /critical extension 1\.3\.6\.1\.4\.1\.99999\.1 is not understood$/,
    why: 'RFC 6960 4.4: OpenSSL does not look at the extensions of a response.',
  },
  {
    says: /_responder_not_authorised: .* would have to be checked itself$/,
    why: 'RFC 6960 4.2.2.2.1: without id-pkix-ocsp-nocheck its own revocation must be checked. OpenSSL does not.',
  },
  {
    says: /_responder_not_authorised: .* is not for digital signatures$/,
    why: 'RFC 5280 4.2.1.3. OpenSSL accepts a responder without the key usage.',
  },
];

/** Whether the thisUpdate and the nextUpdate of a list are before and after a time, or at most six minutes from it. */
function isListAround(now: number): (der: Buffer) => boolean {
  const TOLERANCE_MS = 6 * 60_000;
  return (der) => {
    const [from, to] = (readTree(der)?.children?.[0]?.children ?? [])
      .filter(({ tag }) => tag === UTC_TIME)
      .map(({ content }) => utcTime(content.toString('latin1')));
    return from !== undefined && to !== undefined && from <= now + TOLERANCE_MS && to >= now - TOLERANCE_MS;
  };
}

/** Milliseconds of YYMMDDhhmmssZ in this century. */
function utcTime(text: string): number {
  const [year, month, day, hour, minute, second] = text.match(/\d\d/g) ?? [];
  return Date.parse(`20${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

/** Whether an authority key identifier has more than a key identifier. */
function namesIssuersCertificate(der: Buffer): boolean {
  const tree = readTree(der);
  return tree !== undefined && nodesOf(tree).some(({ node }) => isSuchIdentifier(node));
}

function isSuchIdentifier({ children }: DerNode): boolean {
  if (children?.[0]?.content.toString('hex') !== '551d23') return false;
  const members = children.at(-1)?.children?.[0]?.children ?? [];
  return members.some(({ tag }) => tag === 0xa1 || tag === 0x82);
}
