import { randomBytes } from 'node:crypto';
import type { TestContext } from 'node:test';
import { createLogger } from '../../src/log/logger.ts';
import { createSmartId, type SmartId, type SmartIdOptions } from '../../src/smart-id/session.ts';
import type { IssuedCertificate } from '../support/certificates/certificates.ts';
import { trustStoreOf } from '../support/answers/authentications.ts';
import { type Respond, type RpApiServer, rpApiServer } from './rp-api/rp-api-server.ts';

/** The whole module against a server whose answers the test defines. It trusts the CA of one account. */
export async function smartIdAgainst(
  test: TestContext,
  account: IssuedCertificate,
  respond: Respond,
  options: Partial<SmartIdOptions> = {},
): Promise<{ server: RpApiServer; smartId: SmartId; logged: () => Record<string, unknown>[] }> {
  const server = await rpApiServer(test, respond);
  const lines: string[] = [];
  const smartId = createSmartId({
    apiVersion: '3',
    baseUrl: server.baseUrl,
    dispatcher: server.dispatcher,
    schemeName: 'smart-id-demo',
    relyingPartyUuid: '00000000-0000-4000-8000-000000000000',
    relyingPartyName: 'DEMO',
    certificateLevel: 'QUALIFIED',
    trust: trustStoreOf(account.trust),
    revocation: 'off',
    randomBytes,
    now: () => new Date(),
    log: createLogger({ level: 'trace', destination: { write: (line) => void lines.push(line) } }),
    ...options,
  });
  const logged = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  return { server, smartId, logged };
}
