import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ignoredVariables } from '../../src/config/config.ts';

describe('a variable that Sild would ignore', () => {
  for (const [variable, meant] of [
    ['SMARTID_FLOW', 'SMARTID_FLOWS'],
    ['SMARTID_TLS_PIN', 'SMARTID_TLS_PINS'],
    ['SECRETKEY', 'SECRET_KEY'],
    ['SECRET_KEY_FLIE', 'SECRET_KEY_FILE'],
    ['DATABSE_URL', 'DATABASE_URL'],
    ['LOGLEVEL', 'LOG_LEVEL'],
    ['TRUST_PROXIES', undefined],
    ['RATE_LIMIT', undefined],
    ['NOTIFICATION_POLICIES', undefined],
    ['SIMULATOR_SPEED', undefined],
    ['SECRET_KEY_OLD', undefined],
  ] as const) {
    it(`is reported with a suggestion: ${variable}`, () => {
      const end = meant === undefined ? '' : `: ${meant}?`;
      assert.deepEqual(ignoredVariables({ [variable]: 'x' }), [`${variable} is no variable of Sild${end}`]);
    });
  }

  it('is not reported when it is known, empty or unrelated', () => {
    const ours = {
      PORT: '1',
      SECRET_KEY_FILE: '/x',
      DATABASE_URL: 'x',
      SMARTID_FLOWS: 'qr',
      RATE_PUSH: 'off',
    };
    const ordinary = `HOME HOST_NAME HOSTNAME USER PATH SHELL TERM LANG LC_ALL TZ PWD OLDPWD EDITOR MAIL LOGNAME DISPLAY
      NODE_ENV NODE_OPTIONS NODE_EXTRA_CA_CERTS npm_config_cache npm_lifecycle_event FTP_PROXY ALL_PROXY http_proxy no_proxy
      LOG_FILE LOGS_DIR DATABASE DATABASE_NAME DB_URL PGHOST PGPORT POSTGRES_PASSWORD INVOCATION_ID JOURNAL_STREAM
      CREDENTIALS_DIRECTORY STATE_DIRECTORY SECRET SECRETS_DIR PORTS POST DATA_ROOT CERT_FILE TLS_CERT SSL_CERT_FILE
      KUBERNETES_SERVICE_HOST SILD_SERVICE_PORT SILD_PORT_3000_TCP METRICS_PATH VIEW CI`;
    const environment = Object.fromEntries(ordinary.split(/\s+/).map((name) => [name, 'x']));
    assert.deepEqual(ignoredVariables({ ...environment, ...ours, SMARTID_FLOW: '' }), []);
  });
});
