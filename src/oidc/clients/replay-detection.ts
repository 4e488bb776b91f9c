import { createHash } from 'node:crypto';
import type Provider from 'oidc-provider';
import { overrideMethod } from '../override-method.ts';
import type { RecordStore } from '../stores.ts';

const MODEL = 'ReplayDetection';

/**
 * Makes sure that of any number of requests with the same client assertion or DPoP proof only one is served, on all instances
 * together. oidc-provider itself looks for the `jti` and then stores it, so that two requests at the same moment would both
 * be the first.
 */
export function detectReplays(provider: Provider, records: RecordStore): void {
  overrideMethod(provider.ReplayDetection, 'unique', (_class, _original, issuer, jti, exp) => {
    const id = createHash('sha256')
      .update(JSON.stringify([issuer, jti]))
      .digest('base64url');
    return records.add(MODEL, id, { iss: issuer }, exp);
  });
}
