import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { JSONWebKeySet } from 'jose';
import { z } from 'zod';
import { oneLine } from '../invisible-characters.ts';
import type { UnverifiedCertificate } from '../pki/certificate.ts';
import { COMMON_NAME, GIVEN_NAME, SERIAL_NUMBER, SURNAME } from '../pki/distinguished-name.ts';
import { PkiError } from '../pki/errors.ts';
import { readTrustDirectory } from '../pki/trust-directory.ts';
import { buildTrustStore } from '../pki/trust-store-building.ts';
import { ReceiptError, type VerifiedReceipt, verifyReceipt } from '../receipt/verify-receipt.ts';
import { MalformedAnswerError } from '../smart-id/evidence/verify-evidence.ts';
import { decodeInteractions } from '../smart-id/interactions.ts';
import { VerificationError } from '../smart-id/verify/errors.ts';
import { systemReason } from '../system-reason.ts';
import { inspectTrust } from '../trust/inspection.ts';
import type { TrustSettings } from '../trust/settings.ts';
import { answer, type AnswerContext, timeText } from './json-output.ts';
import { onlyOne, unknownCommand, UsageError } from './usage.ts';

/** Dependencies of the command. */
export interface ReceiptCommandContext extends AnswerContext {
  /** Files are relative to it. */
  readonly directory: string;
  /** TRUST_DIR, where there is one; is called if no directory of CAs is given. */
  readonly trust: () => TrustSettings | undefined;
  readonly now: Date;
  /** Prints an error line. */
  readonly complain: (line: string) => void;
}

interface Options {
  readonly file: string;
  readonly keys: string | undefined;
  readonly at: Date | undefined;
  readonly ca: string | undefined;
  readonly lists: readonly string[];
  readonly withoutRevocation: boolean;
}

const time = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

/**
 * `sild receipt verify FILE (--keys FILE | --evidence-only) [--at TIME] [--ca DIR] [--crl FILE …] [--without-revocation]`. Needs
 * no database and no network.
 *
 * @returns the action, which returns the exit status: 0 for a genuine receipt, else 1
 * @throws {UsageError} and the TypeError of `parseArgs`
 */
export function receiptCommand([action, ...args]: readonly string[]): (
  context: ReceiptCommandContext,
) => Promise<0 | 1> {
  if (action !== 'verify') throw unknownCommand('receipt', action);
  const options = optionsOf(args);
  return (context) => verify(options, context);
}

function optionsOf(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      keys: { type: 'string' },
      'evidence-only': { type: 'boolean', default: false },
      at: { type: 'string' },
      ca: { type: 'string' },
      crl: { type: 'string', multiple: true, default: [] },
      'without-revocation': { type: 'boolean', default: false },
    },
  });
  const file = onlyOne(positionals, 'The FILE');
  if ((values.keys === undefined) === !values['evidence-only']) {
    throw new UsageError(
      'Give --keys FILE, the key set of the Sild that gave the receipt (sild keys export, or its /jwks of that day); or --evidence-only, to verify no more than the evidence.',
    );
  }
  const at = time.optional().safeParse(values.at);
  if (!at.success) throw new UsageError('--at takes a time: 2031-04-05T12:00:00Z.');
  const { keys, ca, crl: lists } = values;
  return { file, keys, at: at.data, ca, lists, withoutRevocation: values['without-revocation'] };
}

async function verify(options: Options, context: ReceiptCommandContext): Promise<0 | 1> {
  const { at, withoutRevocation } = options;
  try {
    const verified = await verifyReceipt((await read(options.file, context)).toString('utf8'), {
      keys: options.keys === undefined ? undefined : keySetOf(await read(options.keys, context)),
      trust: buildTrustStore(await authorities(options, context)),
      at,
      withoutRevocation,
      lists: await Promise.all(options.lists.map((path) => read(path, context))),
    });
    answer(context, documentOf(verified, options), linesOf(verified, options));
    return 0;
  } catch (error) {
    const refusal = refusalOf(error);
    if (!refusal) throw error;
    answer(context, { verified: false, ...refusal }, []);
    context.complain(`Refused: ${refusal.code}: ${refusal.detail}.`);
    return 1;
  }
}

async function read(path: string, { directory }: ReceiptCommandContext): Promise<Buffer> {
  try {
    return await readFile(resolve(directory, path));
  } catch (cause) {
    throw new UsageError(`${path} cannot be read (${systemReason(cause)}).`);
  }
}

const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string(), kid: z.string() })) });

function keySetOf(bytes: Buffer): JSONWebKeySet {
  try {
    return keySet.parse(JSON.parse(bytes.toString('utf8')));
  } catch {
    throw new UsageError('--keys takes a JWK Set with the kid of each key.');
  }
}

async function authorities(
  { ca }: Options,
  context: ReceiptCommandContext,
): Promise<UnverifiedCertificate[]> {
  if (ca === undefined) {
    const settings = context.trust();
    if (!settings) throw new UsageError('Give --ca DIR, the CA certificates to trust, or set TRUST_DIR.');
    return (await inspectTrust(settings, context.now)).authorities.map(({ certificate }) => certificate);
  }
  const files = await readTrustDirectory(resolve(context.directory, ca));
  return files.flatMap((file) => {
    if ('error' in file) throw file.error;
    return file.certificates;
  });
}

function refusalOf(error: unknown): { readonly code: string; readonly detail: string } | undefined {
  if (
    error instanceof ReceiptError ||
    error instanceof VerificationError ||
    error instanceof MalformedAnswerError ||
    error instanceof PkiError
  ) {
    return { code: error.code, detail: error.message };
  }
  return undefined;
}

function documentOf({ kid, payload, evidence, authentication }: VerifiedReceipt, options: Options) {
  const { iss, aud, sub, sid, attempt } = payload;
  const { request, rpApi, verifiedAt, notSigned } = evidence;
  const { certificate, certificateLevel, documentNumber, flow, interaction } = authentication;
  return {
    verified: true,
    signed_by_sild: kid !== undefined,
    ...(kid !== undefined && { kid }),
    iss,
    client: aud,
    sub,
    ...(sid !== undefined && { sid }),
    ...(attempt !== undefined && { attempt }),
    auth_time: timeText(payload.auth_time * 1000),
    verified_at: verifiedAt,
    person: certificate.subject.values(SERIAL_NUMBER)[0],
    name: [...certificate.subject.values(GIVEN_NAME), ...certificate.subject.values(SURNAME)].join(' '),
    certificate_level: certificateLevel,
    document_number: documentNumber,
    certificate: certificate.fingerprint,
    issuer: certificate.issuer.values(COMMON_NAME)[0],
    rp_api: rpApi,
    scheme: request.schemeName,
    relying_party: request.relyingPartyName,
    shown: textsOf(request.interactions),
    flow,
    interaction,
    revocation: options.withoutRevocation ? 'not verified' : revocationOf(authentication),
    not_signed_by_the_person: notSigned,
  };
}

function linesOf(verified: VerifiedReceipt, options: Options): readonly string[] {
  const found = documentOf(verified, options);
  const signature = found.signed_by_sild
    ? `by ${found.iss}, key ${found.kid ?? ''}`
    : 'NOT VERIFIED: client, sub, sid and times are what the file claims';
  const rows: readonly (readonly [string, string])[] = [
    ['Signature', signature],
    ['Client', `${found.client}, sub ${found.sub}`],
    ['Login', `${found.auth_time}, session ${found.sid ?? 'none'}, attempt ${found.attempt ?? 'none'}`],
    ['Verified', found.verified_at],
    ['Person', `${found.person ?? ''} ${found.name}`],
    ['Account', `${found.document_number}, ${found.certificate_level}`],
    ['Certificate', `${found.certificate}, of ${found.issuer ?? ''}`],
    ['Revocation', found.revocation],
    ['Asked by', `${found.relying_party}, ${found.scheme}, RP API v${found.rp_api}`],
    ['Shown', found.shown.join(' | ')],
    ['Confirmed', `${found.flow}, ${found.interaction}`],
    ['Not signed', `by the person: ${found.not_signed_by_the_person.join(', ')}`],
  ];
  return [
    found.signed_by_sild
      ? 'The receipt is genuine: every step of the login’s verification holds.'
      : 'The evidence is genuine: every step of the login’s verification holds.',
    ...rows.map(([name, value]) => `${name.padEnd(12)} ${oneLine(value)}`),
  ];
}

function textsOf(interactions: string): string[] {
  return decodeInteractions(interactions).map((interaction) =>
    'displayText60' in interaction ? interaction.displayText60 : interaction.displayText200,
  );
}

function revocationOf({ revocationEvidence }: VerifiedReceipt['authentication']): string {
  return revocationEvidence
    .map(({ source }) => (source === 'ocsp' ? 'good by OCSP' : 'not on the list'))
    .join(', ');
}
