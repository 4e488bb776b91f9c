/**
 * Smart-ID in a process of its own, over TLS, so that HTTP/2 is spoken with it. Nobody answers by themselves: the control API
 * confirms. The product trusts the CA of `TLS_CA_FILE`, which is written here.
 */
import { writeFileSync } from 'node:fs';
import { createLogger } from '../../src/log/logger.ts';
import { startSimulator } from '../../src/simulator/simulator.ts';
import { createTestPki } from '../../test/support/certificates/certificates.ts';
import { issueServerCertificate, pemOf } from '../../test/support/servers/tls-server.ts';
import { send } from '../login/messages.ts';

const pki = createTestPki();
const { certificate, keys } = issueServerCertificate(pki);
writeFileSync(process.env.TLS_CA_FILE ?? '', pemOf(pki.root.certificate));
const { baseUrl, phoneUrl, trustAnchors } = await startSimulator({
  port: 0,
  dataDir: undefined,
  tls: {
    cert: [certificate, pki.issuing.certificate].map(pemOf).join(''),
    key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  },
  sessionSeconds: 600,
  log: createLogger({ level: 'silent' }),
});
send({
  kind: 'simulated',
  baseUrl: baseUrl.replace('http:', 'https:'),
  phoneUrl,
  trustAnchors: trustAnchors.map((der) => Buffer.from(der).toString('base64')),
});
