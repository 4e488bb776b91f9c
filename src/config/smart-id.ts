import { z } from 'zod';
import { url, variable } from './variable.ts';

export const SMARTID_ENVIRONMENTS = ['simulator', 'demo', 'live'] as const;

/** Which Smart-ID service Sild speaks to, and as which relying party. */
export const smartIdSection = {
  SMARTID_ENVIRONMENT: variable(
    z.enum(SMARTID_ENVIRONMENTS, { error: 'must be simulator, demo or live' }).default('simulator'),
    { description: 'simulator (built in, not real), demo (SK’s test service) or live.' },
  ),
  SMARTID_RP_UUID: variable(z.guid('must be a UUID').optional(), {
    description: 'relyingPartyUUID of the agreement with SK.',
    defaultText: 'SK’s public test value with simulator and demo; required with live',
  }),
  SMARTID_RP_NAME: variable(
    z
      .string()
      .min(1)
      .refine((value) => Buffer.byteLength(value) <= 32, 'must be at most 32 bytes of UTF-8')
      .optional(),
    {
      description: 'relyingPartyName as registered with SK, byte for byte; at most 32 bytes.',
      defaultText: 'DEMO with simulator and demo; required with live',
    },
  ),
  SMARTID_BASE_URL: variable(url('https', 'http').optional(), {
    description: 'Base address of the RP API, version included.',
    defaultText: 'SK’s address of the environment, or the simulator’s',
    example: 'https://rp-api.smart-id.com/v3/',
  }),
  SMARTID_CERTIFICATE_LEVEL: variable(
    z.enum(['QUALIFIED', 'ADVANCED'], { error: 'must be QUALIFIED or ADVANCED' }).default('QUALIFIED'),
    {
      description:
        'The least certificate level to accept: QUALIFIED, or ADVANCED to let Smart-ID Basic accounts in (needs a right from SK).',
    },
  ),
  TRUST_DIR: variable(z.string().min(1).optional(), {
    description: 'Directory with the Smart-ID CA certificates to trust, PEM or DER. Nothing else is trusted.',
    defaultText: 'the simulator’s own CA; required with demo and live',
  }),
};
