/** A relying party for these tests. It uses only fetch and node:crypto, no code of the product or of the simulator. */
import assert from 'node:assert/strict';
import { constants, createHash, createHmac, randomBytes, verify, X509Certificate } from 'node:crypto';
import { request } from 'node:http';
import { after } from 'node:test';
import { pino } from 'pino';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/simulator/simulator.ts';

export const TEXT = 'Log in to Sample app';
export const DISPLAY_TEXT = encode([{ type: 'displayTextAndPIN', displayText60: TEXT }]);
export const CONFIRMATION = encode([{ type: 'confirmationMessage', displayText200: TEXT }]);
export const CODE_CHOICE = encode([
  { type: 'confirmationMessageAndVerificationCodeChoice', displayText200: TEXT },
]);

export interface RequestBody {
  [member: string]: unknown;
  signatureProtocolParameters: { rpChallenge: string; [member: string]: unknown };
  interactions: string;
}

export interface Completed {
  state: string;
  result: { endResult: string; documentNumber?: string; details?: { interaction: string } };
  signatureProtocol?: string;
  signature?: {
    value: string;
    serverRandom: string;
    userChallenge: string;
    flowType: string;
    signatureAlgorithm: string;
    signatureAlgorithmParameters?: unknown;
  };
  cert?: { value: string; certificateLevel: string };
  interactionTypeUsed?: string;
  ignoredProperties?: string[];
}

export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string;
  errors?: { code?: string; detail: string; paramName?: string; pointer?: string }[];
}

/** A simulator on a free port, without delay and with the right to ADVANCED, closed after the tests of the file. */
export async function startTestSimulator(options: Partial<SimulatorOptions> = {}): Promise<Simulator> {
  const simulator = await startSimulator({
    port: 0,
    dataDir: undefined,
    answerDelayMs: 0,
    allowsAdvanced: true,
    log: pino({ level: 'silent' }),
    ...options,
  });
  after(() => simulator.close());
  return simulator;
}

export function encode(interactions: unknown): string {
  return Buffer.from(JSON.stringify(interactions)).toString('base64');
}

/** A valid request; `changes` replace members. */
export function requestBody(changes: Record<string, unknown> = {}): RequestBody {
  return {
    relyingPartyUUID: '00000000-0000-4000-8000-000000000000',
    relyingPartyName: 'DEMO',
    certificateLevel: 'QUALIFIED',
    signatureProtocol: 'ACSP_V2',
    signatureProtocolParameters: pss('SHA-512'),
    interactions: DISPLAY_TEXT,
    vcType: 'numeric4',
    ...changes,
  };
}

export function pss(hashAlgorithm: string): RequestBody['signatureProtocolParameters'] {
  const rpChallenge = randomBytes(64).toString('base64');
  return { rpChallenge, signatureAlgorithm: 'rsassa-pss', signatureAlgorithmParameters: { hashAlgorithm } };
}

export async function post(simulator: Simulator, path: string, body: unknown): Promise<Response> {
  return await fetch(`${simulator.baseUrl}authentication/notification/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

export async function createSession(
  simulator: Simulator,
  identifier: string,
  body: RequestBody = requestBody(),
): Promise<string> {
  const response = await post(simulator, `etsi/${identifier}`, body);
  assert.equal(response.status, 200);
  const { sessionID } = (await response.json()) as { sessionID: string };
  assert.match(sessionID, /^[0-9a-f-]{36}$/);
  return sessionID;
}

export async function status(
  simulator: Simulator,
  sessionId: string,
  timeoutMs = 30_000,
): Promise<Completed> {
  const response = await fetch(`${simulator.baseUrl}session/${sessionId}?timeoutMs=${timeoutMs}`);
  assert.equal(response.status, 200);
  return (await response.json()) as Completed;
}

export async function authenticate(
  simulator: Simulator,
  identifier: string,
  body: RequestBody = requestBody(),
): Promise<Completed> {
  return await status(simulator, await createSession(simulator, identifier, body));
}

/** A request with any method; fetch sends no TRACE. */
export async function requestWith(
  method: string,
  url: URL,
): Promise<{ status: number | undefined; allow: string | undefined; body: unknown }> {
  return await new Promise((resolve, reject) => {
    const sent = request(url, { method }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject).once('end', () => {
        const text = Buffer.concat(chunks).toString();
        const { statusCode: status, headers } = response;
        resolve({ status, allow: headers.allow, body: text === '' ? undefined : JSON.parse(text) });
      });
    });
    sent.once('error', reject).end();
  });
}

export async function problem(response: Response): Promise<ProblemBody> {
  assert.match(response.headers.get('content-type') ?? '', /^application\/json/);
  const body = (await response.json()) as ProblemBody;
  assert.equal(body.status, response.status);
  assert.equal(body.type, 'about:blank');
  assert.match(body.instance, /^\/task-id\//);
  return body;
}

export function certificateOf({ cert }: Completed): X509Certificate {
  assert.ok(cert);
  return new X509Certificate(Buffer.from(cert.value, 'base64'));
}

/** Verifies the signature over the request, and that a trust anchor issued the certificate. (RP API 3.2, Response verification) */
export function assertSigned(
  simulator: Simulator,
  body: RequestBody,
  completed: Completed,
  hash: string,
  flow: { flowType: string; initialCallbackUrl: string } = {
    flowType: 'Notification',
    initialCallbackUrl: '',
  },
): void {
  const { signature } = completed;
  assert.ok(signature);
  const payload = [
    'smart-id-demo',
    'ACSP_V2',
    signature.serverRandom,
    body.signatureProtocolParameters.rpChallenge,
    signature.userChallenge,
    Buffer.from('DEMO').toString('base64'),
    '',
    createHash('sha256').update(body.interactions).digest('base64'),
    completed.interactionTypeUsed,
    flow.initialCallbackUrl,
    flow.flowType,
  ].join('|');
  assert.equal(signature.flowType, flow.flowType);
  const certificate = certificateOf(completed);
  const key = {
    key: certificate.publicKey,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: createHash(hash).digest().length,
  };
  const value = Buffer.from(signature.value, 'base64');
  assert.ok(verify(hash, Buffer.from(payload), key, value), 'the signature covers the payload');
  assert.ok(!verify(hash, Buffer.from(`${payload}x`), key, value), 'and no other payload');
  const issuers = simulator.trustAnchors.map((der) => new X509Certificate(der));
  assert.equal(issuers.filter((issuer) => certificate.verify(issuer.publicKey)).length, 1);
  assert.equal(issuers.filter((issuer) => certificate.checkIssued(issuer)).length, 1);
}

/** RP API 3.2, Verification codes. */
export function verificationCodeOf(body: RequestBody): string {
  const challenge = Buffer.from(body.signatureProtocolParameters.rpChallenge, 'base64');
  const [high = 0, low = 0] = createHash('sha256').update(challenge).digest().subarray(-2);
  return String((high * 256 + low) % 10_000).padStart(4, '0');
}

export const CALLBACK = 'https://rp.example.com/callback-url?value=RrKjjT4aggzu27YBddX1bQ';

export interface DeviceLinkSession {
  sessionID: string;
  sessionToken: string;
  sessionSecret: string;
  deviceLinkBase: string;
  /** The request. */
  body: RequestBody;
  initialCallbackUrl: string;
}

/** A valid device link request; `changes` replace members. */
export function deviceLinkBody(changes: Record<string, unknown> = {}): RequestBody {
  return requestBody({ initialCallbackUrl: CALLBACK, vcType: undefined, ...changes });
}

export async function postDeviceLink(simulator: Simulator, path: string, body: unknown): Promise<Response> {
  return await fetch(`${simulator.baseUrl}authentication/device-link/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

export async function createDeviceLinkSession(
  simulator: Simulator,
  { path = 'anonymous', ...changes }: Record<string, unknown> & { path?: string } = {},
): Promise<DeviceLinkSession> {
  const body = deviceLinkBody(changes);
  const response = await postDeviceLink(simulator, path, body);
  assert.equal(response.status, 200);
  const initialCallbackUrl = String(body.initialCallbackUrl);
  return { ...((await response.json()) as DeviceLinkSession), body, initialCallbackUrl };
}

/** The link of a QR code or an app link; `changes` apply before the authCode. (RP API 3.2, Device link flows) */
export function linkOf(
  session: DeviceLinkSession,
  deviceLinkType: string,
  changes: (link: string) => string = (link) => link,
): string {
  const elapsed = deviceLinkType === 'QR' ? '&elapsedSeconds=0' : '';
  const link = changes(
    `${session.deviceLinkBase}?deviceLinkType=${deviceLinkType}${elapsed}&sessionToken=${session.sessionToken}&sessionType=auth&version=1.0&lang=eng`,
  );
  const payload = [
    'smart-id-demo',
    'ACSP_V2',
    session.body.signatureProtocolParameters.rpChallenge,
    Buffer.from('DEMO').toString('base64'),
    '',
    session.body.interactions,
    deviceLinkType === 'QR' ? '' : session.initialCallbackUrl,
    link,
  ].join('|');
  const key = Buffer.from(session.sessionSecret, 'base64');
  return `${link}&authCode=${createHmac('sha256', key).update(payload).digest('base64url')}`;
}

/** Verifies that the callback belongs to the session and its signature. (RP API 3.2, Callback URLs) */
export function assertReturned(session: DeviceLinkSession, address: string, completed: Completed): void {
  const secret = Buffer.from(session.sessionSecret, 'base64');
  assert.ok(address.startsWith(session.initialCallbackUrl), 'the callback URL starts with the given one');
  const { searchParams } = new URL(address);
  assert.equal(
    searchParams.get('sessionSecretDigest'),
    createHash('sha256').update(secret).digest('base64url'),
  );
  const verifier = searchParams.get('userChallengeVerifier') ?? '';
  assert.match(verifier, /^[A-Za-z0-9_-]{43}$/);
  assert.equal(completed.signature?.userChallenge, createHash('sha256').update(verifier).digest('base64url'));
}
