import { z } from 'zod';
import { FLOWS } from '../flows/flows.ts';
import type { Attempt } from './attempt.ts';
import { callbackParametersSchema } from './authenticator.ts';
import { failureSchema } from './failure.ts';
import { loginResultSchema } from './login-result.ts';

const identity = {
  id: z.string(),
  interactionUid: z.string(),
  clientId: z.string(),
  createdAt: z.int(),
  flow: z.enum(FLOWS),
  identifier: z.string().optional(),
  backchannel: z.boolean().optional(),
  changedBy: z.string().optional(),
};
/** The eID's own: it validates its sessions when it gets them back. */
const session = z.looseObject({});
const prepared = z.looseObject({ session, verificationCode: z.string().optional() });
const callback = { callbackHash: z.string().optional() };

/** Reads a stored attempt. */
export const attemptSchema: z.ZodType<Attempt> = z.discriminatedUnion('state', [
  z.object({
    ...identity,
    ...callback,
    state: z.literal('pending'),
    startAt: z.int(),
    codeFirst: z.boolean(),
    knownBrowser: z.boolean().optional(),
    prepared,
    address: z.string().optional(),
    browser: z.string().optional(),
  }),
  z.object({
    ...identity,
    ...callback,
    state: z.literal('starting'),
    startedAt: z.int(),
    codeFirst: z.boolean(),
    knownBrowser: z.boolean().optional(),
    prepared,
  }),
  z.object({
    ...identity,
    ...callback,
    state: z.literal('waiting'),
    session,
    verificationCode: z.string().optional(),
    answerBy: z.int(),
  }),
  z.object({
    ...identity,
    state: z.literal('callback_received'),
    session,
    callback: callbackParametersSchema,
    answerBy: z.int(),
  }),
  z.object({
    ...identity,
    state: z.literal('authenticated'),
    authenticatedAt: z.int(),
    result: loginResultSchema,
  }),
  z.object({
    ...identity,
    state: z.literal('finished'),
    finishedAt: z.int(),
  }),
  z.object({ ...identity, state: z.literal('failed'), failure: failureSchema }),
  z.object({
    ...identity,
    state: z.literal('cancelled'),
    session: session.optional(),
  }),
]);
