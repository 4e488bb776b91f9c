/**
 * Certification paths and OCSP responses that are genuine except for one change, which their signer has signed unless the name
 * says otherwise. Positions are the same for a seed; keys and signatures differ in each process.
 */
import { sign } from 'node:crypto';
import fc from 'fast-check';
import {
  createTestPki,
  issueAuthentication,
  type IssuedCertificate,
  type TestCa,
  type TestPki,
} from '../certificates/certificates.ts';
import { encodingDefects } from '../defects/encodings.ts';
import { pathDefects } from '../defects/paths.ts';
import { byteMutation, mutateBytes } from '../mutations/byte-mutations.ts';
import { type DerMutation, derMutation, mutateDer } from '../mutations/der-mutations.ts';
import { type DerNode, readTree, writeTree } from '../mutations/der-tree.ts';
import { ONCE_ACCEPTED } from '../mutations/corpus.ts';
import {
  responseSignedAgain,
  signedAgain,
  signedPart,
  signedPartOfResponse,
} from '../mutations/signed-again.ts';
import * as listDefects from '../revocation/crl-defects.ts';
import { type CrlOptions, crlTemplate, encodeCrl } from '../revocation/crls.ts';
import * as responseDefects from '../revocation/ocsp-defects.ts';
import {
  encodeOcsp,
  issueResponder,
  type OcspOptions,
  ocspTemplate,
  ownResponder,
  rsaResponder,
  testOcspRequest,
  type TestOcspRequest,
} from '../revocation/ocsp-responses.ts';
import { type CertificateEdit, certificateEdits } from './certificate-edits.ts';
import type { ListSample, PathSample, ResponseSample } from './judges.ts';

export interface ResponseOf extends ResponseSample {
  readonly request: TestOcspRequest;
}

export interface ListOf extends ListSample {
  readonly at: Date;
}

/** Makes a sample; undefined if the change leaves nothing to judge. */
export type Planned<Sample> = () => Sample | undefined;

type Level = 'person' | 'issuing CA' | 'root';
const LEVELS: readonly Level[] = ['person', 'issuing CA', 'root'];

interface Subject {
  readonly kind: string;
  readonly pki: TestPki;
  readonly issued: IssuedCertificate;
  readonly request: TestOcspRequest;
}

const MINUTE = 60_000;
/** Away from the limits of both clocks' tolerance. */
const OFFSETS = [-7 * 24 * 60, -60, -1, 0, 1, 60, 7 * 24 * 60] as const;

function subjects(): Subject[] {
  return (['ec', 'rsa'] as const).map((kind) => {
    const pki = createTestPki({ caKeys: kind });
    return { kind, pki, issued: issueAuthentication(pki), request: testOcspRequest(pki) };
  });
}

export interface Plan {
  readonly paths: readonly Planned<PathSample>[];
  readonly responses: readonly Planned<ResponseOf>[];
  readonly lists: readonly Planned<ListOf>[];
}

/** @param random the number of random changes of paths and of responses each */
export function planOf(seed: number, random: number): Plan {
  const all = subjects();
  const pathChanges = fc.sample(randomPathChange, { seed, numRuns: random });
  const responseChanges = fc.sample(randomResponseChange, { seed, numRuns: random });
  const listChanges = fc.sample(randomListChange, { seed, numRuns: random });
  return {
    paths: [
      ...all.flatMap((subject) => [...editedPaths(subject), ...defectivePaths(subject)]),
      ...pathChanges.map((change, index) => randomPath(cycled(all, index), change)),
    ],
    responses: [
      ...all.flatMap((subject) => [...editedResponses(subject), ...defectiveResponses(subject)]),
      ...responseChanges.map((change, index) => randomResponse(cycled(all, index), change)),
    ],
    lists: [
      ...all.flatMap((subject) => editedLists(subject)),
      ...listChanges.map((change, index) => randomList(cycled(all, index), change)),
    ],
  };
}

const changes = fc.array(derMutation, { minLength: 1, maxLength: 2 });
const onceAccepted = fc.constantFrom(...ONCE_ACCEPTED).map((one): DerMutation[] => [one]);
const randomPathChange = fc.record({
  level: fc.constantFrom(...LEVELS),
  signed: fc.oneof({ weight: 4, arbitrary: changes }, onceAccepted, byteMutation),
});
const randomResponseChange = fc.record({
  of: fc.constantFrom('data' as const, 'responder' as const, 'bytes' as const),
  change: fc.oneof({ weight: 4, arbitrary: changes }, onceAccepted),
  status: fc.constantFrom('good' as const, 'good' as const, 'revoked' as const),
});

const randomListChange = fc.record({
  change: fc.oneof({ weight: 4, arbitrary: changes }, onceAccepted),
  revoked: fc.boolean(),
});

function editedPaths(subject: Subject): Planned<PathSample>[] {
  return LEVELS.flatMap((level) =>
    certificateEdits.map((edit) => () => {
      const der = edited(certificateAt(subject, level), signerAt(subject, level), edit);
      return der && pathWith(subject, level, der, edit.name);
    }),
  );
}

function defectivePaths({ kind, pki }: Subject): Planned<PathSample>[] {
  const defects = {
    ...Object.fromEntries(Object.entries(pathDefects).map(([name, [, make]]) => [name, make])),
    ...encodingDefects,
  };
  return Object.entries(defects).map(([name, make]) => () => {
    const { certificate, trust } = make(pki);
    return { name: `${kind}: ${name}`, certificate, ...trust, at: pki.now };
  });
}

function randomPath(
  subject: Subject,
  { level, signed }: typeof randomPathChange extends fc.Arbitrary<infer T> ? T : never,
): Planned<PathSample> {
  return () => {
    const der = certificateAt(subject, level);
    const changed = signedAgain(der, signerAt(subject, level), (part) =>
      Array.isArray(signed)
        ? signed.reduce(
            (mutant, one) => mutateDer(mutant, one, signedPart(subject.pki.issuing.certificate)),
            part,
          )
        : mutateBytes(part, signed, part),
    );
    return changed.equals(der) ? undefined : pathWith(subject, level, changed, JSON.stringify(signed));
  };
}

function editedResponses(subject: Subject): Planned<ResponseOf>[] {
  const { pki, request } = subject;
  const planned = (name: string, options: OcspOptions) => () =>
    responseOf(subject, name, encodeOcsp(ocspTemplate(request, options)));
  const moved = (minutes: number) => new Date(pki.now.getTime() + minutes * MINUTE);
  const responders = {
    own: ownResponder,
    delegated: (ca: TestCa) => issueResponder(pki, ca),
    rsa: (ca: TestCa) => rsaResponder(pki, ca),
  };
  const genuine = Object.entries(responders).flatMap(([who, responder]) =>
    (['good', 'revoked', 'unknown'] as const).flatMap((status) =>
      (['name', 'key'] as const).flatMap((namedBy) =>
        (['sha1', 'sha256'] as const).map((hash) =>
          planned(`${who}, ${status}, ${namedBy}, ${hash}`, {
            responder: responder(pki.issuing),
            status,
            namedBy,
            hash,
          }),
        ),
      ),
    ),
  );
  const times = OFFSETS.flatMap((minutes) => [
    planned(`producedAt ${minutes} minutes away`, { producedAt: moved(minutes) }),
    planned(`thisUpdate ${minutes} minutes away`, {
      thisUpdate: moved(minutes),
      nextUpdate: moved(7 * 24 * 60),
    }),
    planned(`nextUpdate ${minutes} minutes away`, { thisUpdate: moved(-60), nextUpdate: moved(minutes) }),
    planned(`thisUpdate ${minutes} minutes away, no nextUpdate`, {
      thisUpdate: moved(minutes),
      nextUpdate: null,
    }),
  ]);
  const responder = issueResponder(pki, request.ca);
  const byResponders = certificateEdits.map((edit) => () => {
    const der = responder.certificate && edited(responder.certificate, request.ca, edit);
    return der && withResponder(subject, `responder, ${edit.name}`, der);
  });
  return [...genuine, ...times, ...byResponders];

  function withResponder({ request: asked }: Subject, name: string, der: Buffer): ResponseOf | undefined {
    const response = encodeOcsp(ocspTemplate(asked, { responder }));
    const sent = withCertificate(response, der);
    return sent && responseOf(subject, name, sent);
  }
}

function defectiveResponses(subject: Subject): Planned<ResponseOf>[] {
  return Object.entries(responseDefects).map(
    ([name, make]) =>
      () =>
        responseOf(subject, name, make(subject.request)),
  );
}

function randomResponse(
  subject: Subject,
  { of, change, status }: typeof randomResponseChange extends fc.Arbitrary<infer T> ? T : never,
): Planned<ResponseOf> {
  return () => {
    const { pki, request } = subject;
    const name = `${of}, ${status}: ${JSON.stringify(change)}`;
    const own = encodeOcsp(ocspTemplate(request, { responder: ownResponder(request.ca), status }));
    switch (of) {
      case 'data': {
        const good = encodeOcsp(ocspTemplate(request, { responder: ownResponder(request.ca) }));
        const changed = responseSignedAgain(own, request.ca, (part) =>
          change.reduce((mutant, one) => mutateDer(mutant, one, signedPartOfResponse(good)), part),
        );
        return changed.equals(own) ? undefined : responseOf(subject, name, changed);
      }
      case 'responder': {
        const responder = issueResponder(pki, request.ca);
        if (!responder.certificate) return undefined;
        const changed = signedAgain(responder.certificate, request.ca, (part) =>
          change.reduce(
            (mutant, one) => mutateDer(mutant, one, signedPart(subject.issued.certificate)),
            part,
          ),
        );
        const sent = withCertificate(encodeOcsp(ocspTemplate(request, { responder, status })), changed);
        return sent && responseOf(subject, name, sent);
      }
      case 'bytes': {
        const given = encodeOcsp(ocspTemplate(request, { status }));
        const changed = change.reduce((mutant, one) => mutateDer(mutant, one, own), given);
        return changed.equals(given) ? undefined : responseOf(subject, name, changed);
      }
    }
  };
}

function editedLists(subject: Subject): Planned<ListOf>[] {
  const { pki, issued } = subject;
  const made = Object.entries(listDefects).map(
    ([name, make]) =>
      () =>
        listOf(subject, name, make(pki)),
  );
  const moved = (minutes: number) => new Date(pki.now.getTime() + minutes * MINUTE);
  const timed = OFFSETS.flatMap((minutes) => [
    planned(`thisUpdate ${minutes} minutes away`, {
      thisUpdate: moved(minutes),
      nextUpdate: moved(20 * 24 * 60),
    }),
    planned(`nextUpdate ${minutes} minutes away`, {
      thisUpdate: moved(-20 * 24 * 60),
      nextUpdate: moved(minutes),
    }),
  ]);
  return [
    planned('nothing is changed', {}),
    planned('the list is empty', { revoked: [] }),
    planned('the certificate is on it', { revoked: [issued.certificate] }),
    ...timed,
    ...made,
  ];

  function planned(name: string, options: CrlOptions): Planned<ListOf> {
    return () => listOf(subject, name, encodeCrl(crlTemplate(pki, pki.issuing, options)));
  }
}

function randomList(
  subject: Subject,
  { change, revoked }: typeof randomListChange extends fc.Arbitrary<infer T> ? T : never,
): Planned<ListOf> {
  return () => {
    const { pki, issued } = subject;
    const [given, other] = [revoked, !revoked].map((on) =>
      encodeCrl(crlTemplate(pki, pki.issuing, on ? { revoked: [issued.certificate] } : {})),
    );
    if (!given || !other) return undefined;
    const changed = signedAgain(given, pki.issuing, (part) =>
      change.reduce((mutant, one) => mutateDer(mutant, one, signedPart(other)), part),
    );
    return listOf(subject, `${revoked ? 'revoked' : 'good'}: ${JSON.stringify(change)}`, changed);
  };
}

function listOf({ kind, pki, issued }: Subject, name: string, list: Buffer): ListOf {
  return {
    name: `${kind}: ${name}`,
    list,
    certificate: issued.certificate,
    issuer: pki.issuing.certificate,
    anchor: pki.root.certificate,
    at: pki.now,
  };
}

function responseOf({ kind, pki, request }: Subject, name: string, response: Buffer): ResponseOf {
  return {
    name: `${kind}: ${name}`,
    response,
    certificate: Buffer.from(request.question.certificate.der),
    issuer: pki.issuing.certificate,
    anchor: pki.root.certificate,
    request,
  };
}

function certificateAt({ pki, issued }: Subject, level: Level): Buffer {
  switch (level) {
    case 'person':
      return issued.certificate;
    case 'issuing CA':
      return pki.issuing.certificate;
    case 'root':
      return pki.root.certificate;
  }
}

function signerAt({ pki }: Subject, level: Level): TestCa {
  return level === 'person' ? pki.issuing : pki.root;
}

function pathWith({ kind, pki, issued }: Subject, level: Level, der: Buffer, change: string): PathSample {
  return {
    name: `${kind}, ${level}: ${change}`,
    certificate: level === 'person' ? der : issued.certificate,
    intermediates: [level === 'issuing CA' ? der : pki.issuing.certificate],
    anchors: [level === 'root' ? der : pki.root.certificate],
    at: pki.now,
  };
}

/** Edits a certificate and signs it again; undefined if the edit changes nothing. */
function edited(der: Buffer, signer: TestCa, { name, change }: CertificateEdit): Buffer | undefined {
  const tree = readTree(der);
  const [signed, outerAlgorithm] = tree?.children ?? [];
  const [, serialNumber, innerAlgorithm, issuer, validity, subject, publicKeyInfo, tagged] =
    signed?.children ?? [];
  const extensions = tagged?.children?.[0]?.children;
  if (!tree || !signed || !outerAlgorithm || !serialNumber || !innerAlgorithm || !issuer || !validity) {
    throw new TypeError('not a certificate');
  }
  if (!subject || !publicKeyInfo || !extensions) throw new TypeError('not a certificate');
  const before = writeTree(tree);
  const parts = { serialNumber, issuer, validity, subject, publicKeyInfo, extensions };
  change({ ...parts, signed, innerAlgorithm, outerAlgorithm });
  if (writeTree(tree).equals(before) && name !== UNCHANGED) return undefined;
  tree.children = [
    signed,
    outerAlgorithm,
    bits(sign(signer.algorithm.hash, writeTree(signed), signer.privateKey)),
  ];
  return writeTree(tree);
}

const UNCHANGED = 'nothing is changed';

function bits(value: Buffer): DerNode {
  return { tag: 0x03, prefix: Buffer.of(0), content: value, children: undefined };
}

/** Replaces the certificate in a response of a delegated responder; undefined if it is not one value. */
function withCertificate(response: Buffer, der: Buffer): Buffer | undefined {
  const tree = readTree(response);
  const certificates =
    tree?.children?.[1]?.children?.[0]?.children?.[1]?.children?.[0]?.children?.[3]?.children?.[0];
  const certificate = readTree(der);
  if (!tree || !certificates) throw new TypeError('not a response with certificates');
  if (!certificate) return undefined;
  certificates.children = [certificate];
  return writeTree(tree);
}

function cycled<T>(list: readonly T[], index: number): T {
  const item = list[index % list.length];
  if (item === undefined) throw new RangeError('empty');
  return item;
}
