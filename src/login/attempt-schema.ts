import { z } from 'zod';
import { FLOWS } from '../flows/flows.ts';
import { authenticationSessionSchema } from '../smart-id/authentication.ts';
import { failureSchema } from '../smart-id/outcome.ts';
import { preparedSessionSchema, returnedSchema } from '../smart-id/session.ts';
import type { Attempt } from './attempt.ts';
import { loginResultSchema } from './login-result.ts';

const identity = {
  id: z.string(),
  interactionUid: z.string(),
  clientId: z.string(),
  createdAt: z.int(),
  flow: z.enum(FLOWS),
  identifier: z.string().optional(),
};
const callback = { callbackHash: z.string().optional() };

const currentSchema = z.discriminatedUnion('state', [
  z.object({
    ...identity,
    ...callback,
    state: z.literal('pending'),
    startAt: z.int(),
    codeFirst: z.boolean(),
    prepared: preparedSessionSchema,
    address: z.string().optional(),
  }),
  z.object({
    ...identity,
    ...callback,
    state: z.literal('starting'),
    startedAt: z.int(),
    codeFirst: z.boolean(),
    prepared: preparedSessionSchema,
  }),
  z.object({
    ...identity,
    ...callback,
    state: z.literal('waiting'),
    session: authenticationSessionSchema,
    verificationCode: z.string().optional(),
    answerBy: z.int(),
  }),
  z.object({
    ...identity,
    state: z.literal('returned'),
    session: authenticationSessionSchema,
    returned: returnedSchema,
    answerBy: z.int(),
  }),
  z.object({ ...identity, state: z.literal('authenticated'), result: loginResultSchema }),
  z.object({ ...identity, state: z.literal('finished') }),
  z.object({ ...identity, state: z.literal('failed'), failure: failureSchema }),
  z.object({
    ...identity,
    state: z.literal('cancelled'),
    session: authenticationSessionSchema.optional(),
  }),
]);

/**
 * Attempts that an earlier version stored say `device_link` for both flows of a device link. The result names the flow,
 * and only the link to the app comes back through the callback; any other counts as the QR code, whose session is the same.
 */
const storedByOldRelease = z
  .looseObject({
    state: z.string(),
    flow: z.literal('device_link'),
    result: z.looseObject({ flow: z.enum(FLOWS) }).optional(),
  })
  .transform(({ flow: _, ...attempt }) => ({
    ...attempt,
    flow: attempt.result?.flow ?? (attempt.state === 'returned' ? 'web2app' : 'qr'),
  }))
  .pipe(currentSchema);

/** Reads an attempt back from where it was kept. */
export const attemptSchema: z.ZodType<Attempt> = z.union([currentSchema, storedByOldRelease]);
