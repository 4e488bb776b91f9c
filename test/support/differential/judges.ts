/** What OpenSSL's command line and node:crypto say about a certification path or an OCSP response. */
import { execFile, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Nothing, or what was wrong: every error that OpenSSL reports, without names and positions. */
export type Objections = readonly string[];

/** A certificate, and the CAs with which it is judged, in DER. */
export interface PathSample {
  readonly name: string;
  readonly certificate: Buffer;
  readonly intermediates: readonly Buffer[];
  readonly anchors: readonly Buffer[];
  readonly at: Date;
}

/** An OCSP response about a certificate. It is judged at the present time, because OpenSSL compares its times with that. */
export interface ResponseSample {
  readonly name: string;
  readonly response: Buffer;
  readonly certificate: Buffer;
  readonly issuer: Buffer;
  readonly anchor: Buffer;
}

/** A revocation list of the certificate's issuer. It is judged at the present time. */
export interface ListSample {
  readonly name: string;
  readonly list: Buffer;
  readonly certificate: Buffer;
  readonly issuer: Buffer;
  readonly anchor: Buffer;
}

/** As many bits as SECLEVEL 2 demands, the default of Debian's TLS: no SHA-1, no RSA under 2048 bits. */
const SECURITY = ['-auth_level', '2'];
/** Sild's tolerance of six minutes, and the time that a run may take. */
const TOLERANCE_S = '900';
const NOT_FOUND = 'ERROR: No Status found.';
const LOCAL = ['-no-CApath', '-no-CAstore'];

const run = promisify(execFile);

/** Why OpenSSL cannot judge here; undefined if it can. */
export function opensslMissing(): string | undefined {
  const { stdout } = spawnSync('openssl', ['version'], { encoding: 'utf8' });
  const version = typeof stdout === 'string' ? stdout.trim() : '';
  return version.startsWith('OpenSSL 3.') ? undefined : `needs OpenSSL 3, found ${version || 'none'}`;
}

/** Judges certificates that have the same CAs and time, in one process. `-x509_strict` adds the rules of RFC 5280 for CAs. */
export async function opensslOnPaths(
  directory: string,
  samples: readonly PathSample[],
): Promise<Objections[]> {
  const [first] = samples;
  if (!first) return [];
  const files = await Promise.all(
    samples.map(({ certificate }, index) => pemFile(join(directory, `${index}.pem`), [certificate])),
  );
  const anchors = await pemFile(join(directory, 'anchors.pem'), first.anchors);
  const intermediates = await pemFile(join(directory, 'intermediates.pem'), first.intermediates);
  const { stdout, stderr } = await openssl([
    'verify',
    ...['-x509_strict', '-policy_check', '-partial_chain', ...SECURITY, ...LOCAL],
    ...['-attime', String(Math.floor(first.at.getTime() / 1000))],
    ...['-CAfile', anchors, '-untrusted', intermediates],
    ...files,
  ]);
  const accepted = new Set([...stdout.matchAll(/^(.*): OK$/gm)].map(([, file = '']) => file));
  const refused = new Map<string, string[]>();
  let errors: string[] = [];
  for (const line of stderr.split('\n')) {
    const [, error] = /^error \d+ at \d+ depth lookup: (.*)$/.exec(line) ?? [];
    if (error !== undefined) errors.push(error);
    const [, file] =
      /^error (.*): verification failed$/.exec(line) ?? /certificate(?: file)? from (\S+)$/.exec(line) ?? [];
    if (file === undefined) continue;
    refused.set(file, [...new Set(errors.length === 0 ? ['cannot be read'] : errors)]);
    errors = [];
  }
  return files.map((file) => {
    const objections = refused.get(file);
    if (objections) return objections;
    // It reports some errors and goes on.
    return accepted.has(file) ? [] : ['cannot be read'];
  });
}

export async function opensslOnResponse(directory: string, sample: ResponseSample): Promise<Objections> {
  const file = (name: string) => join(directory, name);
  await writeFile(file('response.der'), sample.response);
  const [certificate, issuer, anchor] = await Promise.all([
    pemFile(file('certificate.pem'), [sample.certificate]),
    pemFile(file('issuer.pem'), [sample.issuer]),
    pemFile(file('anchor.pem'), [sample.anchor]),
  ]);
  const { stdout, stderr } = await openssl([
    'ocsp',
    ...['-respin', file('response.der'), '-no_nonce', '-validity_period', TOLERANCE_S],
    ...['-issuer', issuer, '-cert', certificate, '-sha256', '-cert', certificate],
    ...['-CAfile', anchor, '-verify_other', issuer, '-partial_chain', '-x509_strict'],
    ...SECURITY,
    ...LOCAL,
  ]);
  const said = `${stdout}\n${stderr}`;
  if (said.includes('Response verify OK')) {
    const warnings = [...said.matchAll(/^(?:WARNING: )?(Status .*)$/gm)].map(([, warning = '']) => warning);
    // One line for each hash of the CertID; a response has one of them.
    const statuses = [...said.matchAll(/^\S+\.pem: (.*)$/gm)].map(([, status = '']) => status);
    const found = statuses.filter((status) => status !== NOT_FOUND);
    return [...(found.length === 0 ? [NOT_FOUND] : found.filter((status) => status !== 'good')), ...warnings];
  }
  const reasons = [
    ...said.matchAll(/^[0-9A-F]+:error:[0-9A-F]+:[^:]*:[^:]*:([^:]*):.*?(Verify error.*)?$/gm),
  ];
  const status = /Responder Error: .*/.exec(said)?.[0];
  return status === undefined
    ? reasons.length === 0
      ? ['cannot be read']
      : reasons.map(([, reason = '', detail = '']) => `${reason} ${detail}`.trim())
    : [status];
}

/** Whether the list makes the certificate's revocation status good. */
export async function opensslOnList(directory: string, sample: ListSample): Promise<Objections> {
  const list = join(directory, 'list.pem');
  await writeFile(list, pem('X509 CRL', sample.list));
  const [certificate, issuer, anchor] = await Promise.all([
    pemFile(join(directory, 'certificate.pem'), [sample.certificate]),
    pemFile(join(directory, 'issuer.pem'), [sample.issuer]),
    pemFile(join(directory, 'anchor.pem'), [sample.anchor]),
  ]);
  const { stdout, stderr } = await openssl([
    'verify',
    ...['-crl_check', '-CRLfile', list, '-x509_strict', ...SECURITY, ...LOCAL],
    ...['-CAfile', anchor, '-untrusted', issuer, certificate],
  ]);
  const errors = [...stderr.matchAll(/^error \d+ at \d+ depth lookup: (.*)$/gm)];
  if (errors.length > 0) return [...new Set(errors.map(([, error = '']) => error))];
  return stdout.endsWith(': OK\n') ? [] : ['cannot be read'];
}

/**
 * node:crypto has no path validation. It judges each link that the names lead to: the issuer's name and key identifier, its
 * permission to issue, the signature, and the validity of each certificate.
 */
export function nodeOnPath({ certificate, intermediates, anchors, at }: PathSample): Objections {
  let path: X509Certificate[];
  try {
    path = [certificate, ...intermediates, ...anchors].map((der) => new X509Certificate(der));
  } catch {
    return ['cannot be read'];
  }
  return path.flatMap((one, index) => {
    const issuer = path[index + 1];
    const objections: string[] = [];
    // Negated comparisons, so that an invalid date is outside.
    if (!(one.validFromDate <= at)) objections.push('not valid yet');
    if (!(one.validToDate >= at)) objections.push('expired');
    if (!issuer) return objections;
    if (!issuer.ca) objections.push('the issuer is not a CA');
    if (!one.checkIssued(issuer)) objections.push('another issuer');
    if (!holds(() => one.verify(issuer.publicKey))) objections.push('another signature');
    return objections;
  });
}

function holds(verify: () => boolean): boolean {
  try {
    return verify();
  } catch {
    return false;
  }
}

async function pemFile(file: string, certificates: readonly Buffer[]): Promise<string> {
  await writeFile(file, certificates.map((der) => pem('CERTIFICATE', der)).join(''));
  return file;
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

/** A refusal is an exit code; only a process that does not run rejects. */
async function openssl(args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  try {
    return await run('openssl', args, { timeout: 60_000, maxBuffer: 16 * 1024 * 1024 });
  } catch (error) {
    if (error instanceof Error && 'stdout' in error && 'stderr' in error && 'code' in error) {
      if (typeof error.code === 'number')
        return { stdout: String(error.stdout), stderr: String(error.stderr) };
    }
    throw error;
  }
}
