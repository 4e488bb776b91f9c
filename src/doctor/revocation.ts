import { randomBytes } from 'node:crypto';
import { buildPaths } from '../pki/path-building.ts';
import type { Asked } from '../pki/revocation/cert-id.ts';
import { RevocationSourceError } from '../pki/revocation/errors.ts';
import type { RevocationFetch } from '../pki/revocation/http.ts';
import { createExpiringCache } from '../pki/revocation/expiring-cache.ts';
import { askCrl, askOcsp } from '../pki/revocation/sources.ts';
import { buildTrustStore } from '../pki/trust-store-building.ts';
import type { Authority } from '../trust/authority.ts';
import type { Finding } from './finding.ts';

export interface RevocationCheckOptions {
  readonly policy: 'required' | 'best-effort' | 'off';
  readonly authorities: readonly Authority[];
  readonly fetch: RevocationFetch;
  readonly now: Date;
}

const subject = 'revocation';

/**
 * Checks the revocation of issuing CAs whose root is in the trust directory, as every login under them does. The responders
 * for people's certificates are named only in those certificates, so they cannot be tested in advance.
 */
export async function checkRevocation(options: RevocationCheckOptions): Promise<Finding[]> {
  const { policy, authorities } = options;
  if (policy === 'off' || authorities.length === 0) return [];
  const trust = buildTrustStore(authorities.map(({ certificate }) => certificate));
  const below = authorities.filter(({ certificate }) => trust.intermediates.includes(certificate));
  return Promise.all(
    below.map(async ({ name, certificate }) => {
      const issuers = buildPaths(certificate, trust).map(({ chain: [issuer] }) => issuer);
      return findingOf(
        name,
        await askAll({ certificate, issuer: issuers[0] ?? certificate }, options),
        policy,
      );
    }),
  );
}

interface Answers {
  /** The first valid answer. */
  readonly answer?: { readonly status: 'good' | 'revoked' | 'unknown'; readonly source: string };
  /** Why the sources asked before gave no valid answer. */
  readonly failures: readonly string[];
}

/** Asks the sources in the order of a login: the OCSP responder first. */
async function askAll(asked: Asked, { fetch, now }: RevocationCheckOptions): Promise<Answers> {
  const clock = () => now;
  const context = { fetch, randomBytes, now: clock };
  const failures: string[] = [];
  for (const [source, ask] of [
    ['its OCSP responder', () => askOcsp(asked, context)],
    ['the list of its root', () => askCrl(asked, { ...context, crls: createExpiringCache(clock) })],
  ] as const) {
    try {
      return { answer: { status: (await ask()).status, source }, failures };
    } catch (error) {
      if (!(error instanceof RevocationSourceError)) throw error;
      failures.push(`${source}: ${error.code}, ${error.message}`);
    }
  }
  return { failures };
}

function findingOf(name: string, { answer, failures }: Answers, policy: 'required' | 'best-effort'): Finding {
  const found = (level: Finding['level'], text: string): Finding => ({
    level,
    subject,
    text,
    details: failures,
  });
  if (answer?.status === 'good') {
    return failures.length === 0
      ? found('ok', `${name} is good, says ${answer.source}`)
      : found('warning', `${name} is good, says ${answer.source} alone`);
  }
  if (answer?.status === 'revoked') {
    return found('problem', `${name} is revoked, says ${answer.source}: nobody under it can log in`);
  }
  return policy === 'required'
    ? found(
        'problem',
        `nobody vouches for ${name}, so nobody under it can log in; without its root in TRUST_DIR nobody need`,
      )
    : found('warning', `nobody vouches for ${name}: people under it are let in all the same`);
}
