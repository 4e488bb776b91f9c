import { z } from 'zod';
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
  flow: z.enum(['device_link', 'notification']),
  identifier: z.string().optional(),
};
const callback = { callbackHash: z.string().optional() };

/** Reads an attempt back from where it was kept. */
export const attemptSchema: z.ZodType<Attempt> = z.discriminatedUnion('state', [
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
