/**
 * Edits of a certificate's contents that keep it well-formed enough for a CA to sign it again: each changes one part that path
 * validation reads. They are the same in every run; random changes of the encoding are in mutations/.
 */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { type DerNode, readTree } from '../mutations/der-tree.ts';
import { rsaKeyPair } from '../certificates/certificate-encoding.ts';

/** Changes the signed part of a certificate, or both algorithm identifiers. */
export interface CertificateEdit {
  readonly name: string;
  readonly change: (certificate: EditedCertificate) => void;
}

export interface EditedCertificate {
  readonly serialNumber: DerNode;
  readonly issuer: DerNode;
  readonly validity: DerNode;
  readonly subject: DerNode;
  readonly publicKeyInfo: DerNode;
  /** Each is a SEQUENCE of OID, possibly BOOLEAN, and OCTET STRING. */
  readonly extensions: DerNode[];
  /** TBSCertificate. */
  readonly signed: DerNode;
  readonly innerAlgorithm: DerNode;
  readonly outerAlgorithm: DerNode;
}

const BASIC_CONSTRAINTS = '551d13';
const KEY_USAGE = '551d0f';
const EXTENDED_KEY_USAGE = '551d25';
const AUTHORITY_KEY = '551d23';
const SUBJECT_KEY = '551d0e';
const POLICIES = '551d20';
const CRITICAL = hex('0101ff');

/** Extensions that a certificate gets in addition, by name: the content of the OID and the value, in hexadecimal. */
const ADDED: Readonly<Record<string, readonly [oid: string, value: string]>> = {
  'an unknown extension': ['2b06010401868d1f01', '0500'],
  // permits only the directoryName "CN=x", or only names under .test
  'nameConstraints that permit another directoryName': [
    '551d1e',
    '3014a0123010a40e300c310a300806035504030c0178',
  ],
  'nameConstraints that permit a DNS name': ['551d1e', '300ba009300782052e74657374'],
  'empty nameConstraints': ['551d1e', '3000'],
  'policyConstraints that require a policy': ['551d24', '3003800100'],
  'policyConstraints that inhibit mapping': ['551d24', '3003810100'],
  inhibitAnyPolicy: ['551d36', '020100'],
  policyMappings: ['551d21', '3010300e06052a03040506060552a0304057'],
  'a freshest CRL': ['551d2e', '3000'],
  'an issuer alternative name': ['551d12', '3003820178'],
  'a subject alternative name of one DNS name': ['551d11', '3003820178'],
  'qualified certificate statements': ['2b06010505070103', '300a3008060604008e460101'],
  'ocsp-nocheck': ['2b0601050507300105', '0500'],
  'a Netscape certificate type of a TLS server': ['6086480186f8420101', '03020640'],
  'a private key usage period of the past': [
    '551d10',
    '3022800f32303030303130313030303030305a810f32303031303130313030303030305a',
  ],
  'malformed address blocks': ['2b06010505070107', '0500'],
  'malformed autonomous systems': ['2b06010505070108', '0500'],
  'a malformed Netscape certificate type': ['6086480186f8420101', '0500'],
  proxyCertInfo: ['2b0601050507010e', '300c300a06082b06010505071501'],
};

/** Other values of extensions, by OID. */
const VALUES: readonly (readonly [name: string, oid: string, value: string])[] = [
  ['basicConstraints: empty', BASIC_CONSTRAINTS, '3000'],
  ['basicConstraints: CA', BASIC_CONSTRAINTS, '30030101ff'],
  ['basicConstraints: explicitly not a CA', BASIC_CONSTRAINTS, '3003010100'],
  ['basicConstraints: CA with path length 0', BASIC_CONSTRAINTS, '30060101ff020100'],
  ['basicConstraints: CA with path length 1', BASIC_CONSTRAINTS, '30060101ff020101'],
  ['basicConstraints: CA with path length -1', BASIC_CONSTRAINTS, '30060101ff0201ff'],
  [
    'basicConstraints: CA with a path length of eight octets',
    BASIC_CONSTRAINTS,
    '300d0101ff02087fffffffffffffff',
  ],
  ['basicConstraints: only a path length', BASIC_CONSTRAINTS, '3003020100'],
  ['basicConstraints: two path lengths', BASIC_CONSTRAINTS, '30090101ff020100020100'],
  ['basicConstraints: cA is 1', BASIC_CONSTRAINTS, '3003010101'],
  ...['80', '40', '20', '10', '08', '04', '02', '01', 'ff', '06', '86'].map(
    (octet) => [`keyUsage: ${octet}`, KEY_USAGE, `030200${octet}`] as const,
  ),
  ['keyUsage: no bit', KEY_USAGE, '030100'],
  ['keyUsage: named bits in their shortest form', KEY_USAGE, '03020780'],
  ['keyUsage: keyCertSign in its shortest form', KEY_USAGE, '03020204'],
  ['keyUsage: unused bits are set', KEY_USAGE, '030207ff'],
  ['keyUsage: decipherOnly', KEY_USAGE, '0303070080'],
  ['keyUsage: three octets', KEY_USAGE, '030400860000'],
  ['extendedKeyUsage: OCSPSigning', EXTENDED_KEY_USAGE, '300a06082b06010505070309'],
  ['extendedKeyUsage: any', EXTENDED_KEY_USAGE, '30060604551d2500'],
  ['extendedKeyUsage: serverAuth', EXTENDED_KEY_USAGE, '300a06082b06010505070301'],
  ['extendedKeyUsage: OCSPSigning twice', EXTENDED_KEY_USAGE, '301406082b0601050507030906082b06010505070309'],
  ['extendedKeyUsage: none', EXTENDED_KEY_USAGE, '3000'],
  ['authorityKeyIdentifier: empty', AUTHORITY_KEY, '3000'],
  ['authorityKeyIdentifier: of another key', AUTHORITY_KEY, '3004800201ff'],
  ['authorityKeyIdentifier: of an empty key identifier', AUTHORITY_KEY, '30028000'],
  [
    'authorityKeyIdentifier: another issuer and serial number',
    AUTHORITY_KEY,
    '3014a10fa40d300b3109300706035504030c0082012a',
  ],
  ['authorityKeyIdentifier: only a serial number', AUTHORITY_KEY, '300382012a'],
  ['subjectKeyIdentifier: of another key', SUBJECT_KEY, '040201ff'],
  ['subjectKeyIdentifier: empty', SUBJECT_KEY, '0400'],
  ['certificatePolicies: one', POLICIES, '3007300506032a0304'],
  ['certificatePolicies: anyPolicy', POLICIES, '300830060604551d2000'],
  [
    'certificatePolicies: a qualifier of another type',
    POLICIES,
    '301a301806032a03043011300f06082b0601050507020106032a0304',
  ],
  ['certificatePolicies: one twice', POLICIES, '300e300506032a0304300506032a0304'],
];

const TIMES: readonly (readonly [name: string, tag: number, text: string])[] = [
  ['a GeneralizedTime of 1990', 0x18, '19900101000000Z'],
  ['a UTCTime of 1990', 0x17, '900101000000Z'],
  ['a UTCTime of 1950', 0x17, '500101000000Z'],
  ['a UTCTime of 2049', 0x17, '491231235959Z'],
  ['a GeneralizedTime of 2049', 0x18, '20491231235959Z'],
  ['a GeneralizedTime of 2050', 0x18, '20500101000000Z'],
  ['a GeneralizedTime of 9999', 0x18, '99991231235959Z'],
  ['a GeneralizedTime of the year 0', 0x18, '00000101000000Z'],
  ['a GeneralizedTime of 1969', 0x18, '19690101000000Z'],
  ['no seconds, of 1990', 0x17, '9001010000Z'],
  ['no seconds, of 2049', 0x17, '4912312359Z'],
  ['fractions, of 1990', 0x18, '19900101000000.5Z'],
  ['fractions, of 2049', 0x18, '20491231235959.5Z'],
  ['an offset, of 2049', 0x17, '491231235959+0100'],
  ['no zone, of 2049', 0x18, '20491231235959'],
  ['30 February 2044', 0x18, '20440230000000Z'],
  ['29 February 2044', 0x18, '20440229000000Z'],
  ['29 February 2045', 0x18, '20450229000000Z'],
  ['a leap second', 0x17, '491231235960Z'],
  ['hour 24', 0x17, '491231240000Z'],
  ['a tag of text', 0x0c, '491231235959Z'],
  ['letters', 0x17, '49123123595AZ'],
  ['no time', 0x17, ''],
];

const SERIALS: Readonly<Record<string, string>> = {
  zero: '00',
  negative: 'ff',
  'twenty octets': '7f'.repeat(20),
  'twenty-one octets': '7f'.repeat(21),
  'not minimal': '0010',
  empty: '',
};

/** Signature algorithms that the CA's key did not use, or used with other parameters. */
const ALGORITHMS: Readonly<Record<string, string>> = {
  sha1WithRSAEncryption: '300d06092a864886f70d0101050500',
  sha256WithRSAEncryption: '300d06092a864886f70d01010b0500',
  'sha256WithRSAEncryption without parameters': '300b06092a864886f70d01010b',
  'sha256WithRSAEncryption with an OCTET STRING': '300d06092a864886f70d01010b0400',
  sha384WithRSAEncryption: '300d06092a864886f70d01010c0500',
  'ecdsa-with-SHA1': '300906072a8648ce3d0401',
  'ecdsa-with-SHA256': '300a06082a8648ce3d040302',
  'ecdsa-with-SHA384': '300a06082a8648ce3d040303',
  'ecdsa-with-SHA384 with NULL': '300c06082a8648ce3d0403030500',
  'ecdsa-with-SHA512': '300a06082a8648ce3d040304',
  rsaEncryption: '300d06092a864886f70d0101010500',
  'RSASSA-PSS without parameters': '300b06092a864886f70d01010a',
  Ed25519: '300506032b6570',
};

/** Subject keys that no CA should certify, or in another encoding. */
const KEYS: Readonly<Record<string, () => KeyObject>> = {
  'RSA of 1024 bits': () => rsaKeyPair('short', 1024).publicKey,
  secp256k1: () => generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey,
  'P-224': () => generateKeyPairSync('ec', { namedCurve: 'secp224r1' }).publicKey,
  'another P-256 key': () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).publicKey,
  'explicit curve parameters': () =>
    generateKeyPairSync('ec', { namedCurve: 'prime256v1', paramEncoding: 'explicit' }).publicKey,
  Ed25519: () => generateKeyPairSync('ed25519').publicKey,
};

const byIndex = Array.from({ length: 12 }, (_, index) => index);

export const certificateEdits: readonly CertificateEdit[] = [
  { name: 'nothing is changed', change: () => undefined },
  ...byIndex.flatMap((index): CertificateEdit[] => [
    edit(`extension ${index} is missing`, ({ extensions }) => extensions.splice(index, 1)),
    edit(`extension ${index} is there twice`, ({ extensions }) =>
      extensions.splice(index, 0, ...extensions.slice(index, index + 1)),
    ),
    edit(`extension ${index} comes last`, ({ extensions }) =>
      extensions.push(...extensions.splice(index, 1)),
    ),
    edit(`extension ${index} is critical`, ({ extensions }) => {
      setCritical(extensions[index], [node(CRITICAL)]);
    }),
    edit(`extension ${index} is not critical`, ({ extensions }) => {
      setCritical(extensions[index], []);
    }),
    edit(`extension ${index} is explicitly not critical`, ({ extensions }) => {
      setCritical(extensions[index], [node(hex('010100'))]);
    }),
    edit(`extension ${index} has an empty value`, ({ extensions }) => {
      setValue(extensions[index], Buffer.of());
    }),
    edit(`extension ${index} has the value of the next one`, ({ extensions }) => {
      const next = extensions[(index + 1) % extensions.length]?.children?.at(-1);
      const own = extensions[index]?.children;
      if (own && next) own[own.length - 1] = next;
    }),
  ]),
  edit('the extensions are in reverse order', ({ extensions }) => extensions.reverse()),
  edit('there are no extensions', ({ signed }) => signed.children?.pop()),
  edit('the list of extensions is empty', ({ extensions }) => extensions.splice(0)),
  ...Object.entries(ADDED).flatMap(([name, [oid, value]]) =>
    [true, false].map((critical) =>
      edit(`${name} is added${critical ? ', critical' : ''}`, ({ extensions }) => {
        extensions.push(extensionOf(oid, hex(value), critical));
      }),
    ),
  ),
  ...VALUES.map(([name, oid, value]) =>
    edit(name, ({ extensions }) => {
      const found = extensions.find((one) => one.children?.[0]?.content.equals(hex(oid)));
      if (found) setValue(found, hex(value));
      else extensions.push(extensionOf(oid, hex(value), false));
    }),
  ),
  ...[0, 1].flatMap((which) =>
    TIMES.map(([name, tag, text]) =>
      edit(`${which === 0 ? 'notBefore' : 'notAfter'}: ${name}`, ({ validity }) => {
        if (validity.children) validity.children[which] = leaf(tag, Buffer.from(text, 'latin1'));
      }),
    ),
  ),
  edit('notBefore and notAfter are exchanged', ({ validity }) => validity.children?.reverse()),
  edit('a third time', ({ validity }) => validity.children?.push(...validity.children.slice(1))),
  ...Object.entries(SERIALS).map(([name, value]) =>
    edit(`serialNumber: ${name}`, ({ serialNumber }) => {
      serialNumber.content = hex(value);
    }),
  ),
  ...(['issuer', 'subject'] as const).flatMap((which) => nameEdits(which)),
  ...Object.entries(ALGORITHMS).flatMap(([name, der]) => [
    edit(`algorithm: ${name}`, ({ innerAlgorithm, outerAlgorithm }) => {
      Object.assign(innerAlgorithm, node(hex(der)));
      Object.assign(outerAlgorithm, node(hex(der)));
    }),
    edit(`inner algorithm: ${name}`, ({ innerAlgorithm }) => Object.assign(innerAlgorithm, node(hex(der)))),
    edit(`outer algorithm: ${name}`, ({ outerAlgorithm }) => Object.assign(outerAlgorithm, node(hex(der)))),
  ]),
  ...Object.entries(KEYS).map(([name, key]) =>
    edit(`key: ${name}`, ({ publicKeyInfo }) =>
      Object.assign(publicKeyInfo, node(key().export({ type: 'spki', format: 'der' }))),
    ),
  ),
  edit('key: another algorithm identifier', ({ publicKeyInfo }) => {
    const algorithm = publicKeyInfo.children?.[0];
    if (algorithm) Object.assign(algorithm, node(hex('300b06092a864886f70d01010a')));
  }),
  ...['020100', '020101', '020103'].map((version) =>
    edit(`version: ${version}`, ({ signed }) => {
      const [first] = signed.children ?? [];
      if (first) first.children = [node(hex(version))];
    }),
  ),
  edit('the version is missing', ({ signed }) => signed.children?.shift()),
  edit('unique identifiers are added', ({ signed }) =>
    signed.children?.splice(7, 0, leaf(0x81, hex('00ff')), leaf(0x82, hex('00ff'))),
  ),
];

function nameEdits(which: 'issuer' | 'subject'): CertificateEdit[] {
  const values = (name: DerNode): DerNode[] =>
    (name.children ?? []).flatMap((relative) =>
      (relative.children ?? []).flatMap((attribute) => attribute.children?.slice(1) ?? []),
    );
  const retagged = [0x0c, 0x13, 0x14, 0x16, 0x1a, 0x1e, 0x1c].map((tag) =>
    edit(`${which}: values of tag 0x${tag.toString(16)}`, (certificate) => {
      for (const value of values(certificate[which])) value.tag = tag;
    }),
  );
  const text = (name: string, change: (text: string) => string): CertificateEdit =>
    edit(`${which}: ${name}`, (certificate) => {
      for (const value of values(certificate[which])) {
        value.content = Buffer.from(change(value.content.toString('utf8')), 'utf8');
      }
    });
  return [
    ...retagged,
    text('upper case', (value) => value.toUpperCase()),
    text('a space at the end', (value) => `${value} `),
    text('two spaces inside', (value) => value.replaceAll(' ', '  ')),
    text('a NUL at the end', (value) => `${value}\0`),
    text('empty values', () => ''),
    edit(`${which}: UTF-16`, (certificate) => {
      for (const value of values(certificate[which])) {
        value.tag = 0x1e;
        value.content = Buffer.from(value.content.toString('utf8'), 'utf16le').swap16();
      }
    }),
    edit(`${which}: empty`, (certificate) => {
      certificate[which].children = [];
    }),
    edit(`${which}: in reverse order`, (certificate) => certificate[which].children?.reverse()),
    edit(`${which}: all attributes in one RDN`, (certificate) => {
      const name = certificate[which];
      const set = name.children?.[0];
      if (!set) return;
      name.children = [{ ...set, children: (name.children ?? []).flatMap((one) => one.children ?? []) }];
    }),
    edit(`${which}: the first attribute twice`, (certificate) => {
      const { children } = certificate[which];
      children?.unshift(...children.slice(0, 1));
    }),
    edit(`${which}: the first attribute is missing`, (certificate) => certificate[which].children?.shift()),
  ];
}

function edit(name: string, change: (certificate: EditedCertificate) => unknown): CertificateEdit {
  return {
    name,
    change: (certificate) => {
      change(certificate);
    },
  };
}

function setCritical(extension: DerNode | undefined, critical: DerNode[]): void {
  const [oid, ...rest] = extension?.children ?? [];
  const value = rest.at(-1);
  if (extension && oid && value) extension.children = [oid, ...critical, value];
}

function setValue(extension: DerNode | undefined, value: Buffer): void {
  const { children } = extension ?? {};
  if (children) children[children.length - 1] = leaf(0x04, value);
}

function extensionOf(oid: string, value: Buffer, critical: boolean): DerNode {
  return {
    ...leaf(0x30, Buffer.of()),
    children: [leaf(0x06, hex(oid)), ...(critical ? [node(CRITICAL)] : []), leaf(0x04, value)],
  };
}

function leaf(tag: number, content: Buffer): DerNode {
  return { tag, prefix: Buffer.of(), content, children: undefined };
}

function node(der: Buffer): DerNode {
  const tree = readTree(der);
  if (!tree) throw new TypeError(`not DER: ${der.toString('hex')}`);
  return tree;
}

function hex(text: string): Buffer {
  return Buffer.from(text, 'hex');
}
