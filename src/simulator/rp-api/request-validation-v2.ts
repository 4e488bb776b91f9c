/** The schema of an RP API v2 authentication request. Unknown members are ignored. (RP API v2, Authentication session) */
import { z } from 'zod';
import type { HashRequest, HashType } from '../accounts/authentication-request.ts';
import { hasRepetitions, interactionElement } from '../accounts/interactions.ts';
import {
  base64,
  ignoredPropertiesOf,
  readBody,
  relyingPartyMembers,
  type RelyingPartyRights,
} from '../request-members.ts';

const HASH_BYTES: Readonly<Record<HashType, number>> = { SHA256: 32, SHA384: 48, SHA512: 64 };

const body = z
  .object(
    {
      ...relyingPartyMembers,
      hash: base64,
      hashType: z.enum(['SHA256', 'SHA384', 'SHA512'], 'unknown hash type'),
      allowedInteractionsOrder: z
        .tuple([interactionElement], interactionElement, 'not a list of interactions')
        .refine(
          (interactions) => !hasRepetitions(interactions.map(({ type }) => type)),
          'an interaction type is repeated',
        ),
      nonce: z.string().min(1, 'empty').max(30, 'longer than 30 characters').optional(),
    },
    'a JSON object is required',
  )
  .refine(({ hash, hashType }) => Buffer.from(hash, 'base64').length === HASH_BYTES[hashType], {
    path: ['hash'],
    error: 'not as long as hashType says',
  });

/** @throws {Problem} 400 with all invalid members, 401 or 403 for a relying party without permission */
export function readHashRequest(json: unknown, rights: RelyingPartyRights): HashRequest {
  const data = readBody(body, json, rights);
  return {
    api: 'v2',
    relyingPartyName: data.relyingPartyName,
    certificateLevel: data.certificateLevel,
    hash: data.hash,
    hashType: data.hashType,
    offered: data.allowedInteractionsOrder,
    ignoredProperties: ignoredPropertiesOf(data),
  };
}
