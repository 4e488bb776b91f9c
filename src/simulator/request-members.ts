/** The members that authentication requests of both API versions share, and the error for an invalid member. */
import { z } from 'zod';
import { type ErrorDetail, invalid, Problem } from './problem.ts';

const RELYING_PARTY = { uuid: '00000000-0000-4000-8000-000000000000', name: 'DEMO' };

/** A name of the relying party beside DEMO. */
export interface RegisteredName {
  readonly name: string;
  /** The name of the one for whom the relying party is a broker under this name. */
  readonly brokeredName?: string | undefined;
}
const BASE64 = /^[a-zA-Z0-9+/]+={0,2}$/;

export const base64 = z
  .string('missing')
  .regex(BASE64, 'not Base64')
  .refine((text) => Buffer.from(text, 'base64').toString('base64') === text, 'not Base64');

export const relyingPartyMembers = {
  relyingPartyUUID: z.guid('not a UUID'),
  relyingPartyName: z
    .string('missing')
    .min(1, 'empty')
    .refine((name) => Buffer.byteLength(name) <= 32, 'longer than 32 bytes of UTF-8'),
  certificateLevel: z.enum(['ADVANCED', 'QUALIFIED'], 'unknown certificate level').default('QUALIFIED'),
  requestProperties: z.looseObject({ shareMdClientIpAddress: z.boolean().optional() }).optional(),
  capabilities: z.array(z.string()).optional(),
};
type RelyingPartyMembers = z.infer<z.ZodObject<typeof relyingPartyMembers>>;

/** What the agreement with SK lets the relying party ask for. */
export interface RelyingPartyRights {
  /** Certificates of the level ADVANCED: Smart-ID Basic accounts. */
  readonly advanced: boolean;
  /** Names to use beside DEMO. Default: none. */
  readonly names?: readonly RegisteredName[] | undefined;
}

/** The name of the brokered relying party that the app signs; empty where the relying party is no broker. */
export function brokeredNameOf({ names = [] }: RelyingPartyRights, relyingPartyName: string): string {
  return names.find(({ name }) => name === relyingPartyName)?.brokeredName ?? '';
}

/** @throws {Problem} 400 with all invalid members, 401 or 403 for a relying party without permission */
export function readBody<T extends RelyingPartyMembers>(
  schema: z.ZodType<T>,
  json: unknown,
  rights: RelyingPartyRights,
): T {
  const parsed = schema.safeParse(json);
  if (!parsed.success)
    throw invalid(parsed.error.issues.map(({ path, message }) => errorDetail(path, message)));
  checkRelyingParty(parsed.data, rights);
  return parsed.data;
}

/** The error for an invalid member at this path of the body. */
export function errorDetail(path: readonly PropertyKey[], reason: string): ErrorDetail {
  const paramName = path.findLast((step) => typeof step === 'string') ?? 'body';
  return {
    detail: `Invalid ${paramName}: ${reason}`,
    paramName,
    pointer: path.map((step) => `/${String(step)}`).join(''),
  };
}

/** Unsupported properties are ignored and listed in the session's status. (RP API 3.2, Request properties) */
export function ignoredPropertiesOf({ requestProperties }: RelyingPartyMembers): string[] {
  return Object.keys(requestProperties ?? {}).filter((name) => name !== 'shareMdClientIpAddress');
}

function checkRelyingParty(
  {
    relyingPartyUUID,
    relyingPartyName,
    certificateLevel,
    requestProperties,
    capabilities,
  }: RelyingPartyMembers,
  rights: RelyingPartyRights,
): void {
  if (relyingPartyUUID.toLowerCase() !== RELYING_PARTY.uuid) throw new Problem(403);
  const isRegistered = rights.names?.some(({ name }) => name === relyingPartyName) ?? false;
  if (relyingPartyName !== RELYING_PARTY.name && !isRegistered) throw new Problem(401);
  if (certificateLevel === 'ADVANCED' && !rights.advanced)
    throw forbidden('/certificateLevel', 'ADVANCED certificates');
  if (requestProperties?.shareMdClientIpAddress === true)
    throw forbidden('/requestProperties/shareMdClientIpAddress', 'the MD client IP address sharing');
  // Capabilities need an agreement with SK; DEMO has none.
  if (capabilities && capabilities.length > 0) throw forbidden('/capabilities', 'capabilities');
}

function forbidden(pointer: string, feature: string): Problem {
  const detail = `Relying Party does not have permissions to request ${feature}`;
  const paramName = pointer.slice(pointer.lastIndexOf('/') + 1);
  return new Problem(403, { errors: [{ detail, paramName, pointer }] });
}
