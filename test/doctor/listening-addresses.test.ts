import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadConfig } from '../../src/config/config.ts';
import { checkListening } from '../../src/doctor/listening-addresses.ts';

const PRIVATE = ['127.0.0.1', '::1', '10.0.3.7', '172.18.0.2', 'fe80::1', 'fd00::7'];
const PUBLIC = [...PRIVATE, '198.51.100.7', '2a01:4f8::7', '8.8.4.4'];
const LIVE = {
  ISSUER: 'https://login.example.ee',
  SMARTID_ENVIRONMENT: 'live',
  SMARTID_RP_UUID: '11111111-2222-4333-8444-555555555555',
  SMARTID_RP_NAME: 'Example',
  SMARTID_TLS_PINS: 'none',
  TRUST_DIR: '/trust',
};

function found(changes: Readonly<Record<string, string>>, addresses: readonly string[]) {
  return checkListening(loadConfig({ ...LIVE, ...changes }), addresses);
}

describe('the addresses on which Sild listens behind a proxy', () => {
  it('are warned of where one is of the internet, with the ports that anybody reaches there', () => {
    for (const [host, open] of [
      [{}, '2a01:4f8::7'],
      [{ HOST: '::' }, '2a01:4f8::7'],
      [{ HOST: '::0' }, '2a01:4f8::7'],
      [{ HOST: '[0:0:0:0:0:0:0:0]' }, '2a01:4f8::7'],
      [{ HOST: '0.0.0.0' }, '8.8.4.4'],
      [{ HOST: '::ffff:0.0.0.0' }, '8.8.4.4'],
      [{ HOST: '::ffff:8.8.8.8' }, '8.8.8.8'],
      [{ HOST: '8.8.8.8' }, '8.8.8.8'],
    ] as const) {
      const [finding, ...others] = found({ TRUST_PROXY: 'true', ...host }, PUBLIC);
      assert.deepEqual(others, []);
      assert.equal(finding?.level, 'warning');
      assert.match(finding.text, new RegExp(`listens on ${open.replaceAll('.', '\\.')},.* port 3000 `));
      assert.match(finding.details?.join() ?? '', /HOST=127\.0\.0\.1 .* 3000 and 9464$/);
    }
    const [finding] = found({ TRUST_PROXY: 'true', METRICS_PORT: 'off' }, PUBLIC);
    assert.match(finding?.details?.join() ?? '', /ports 3000$/);
  });

  it('are not warned of where only an internal network reaches them, as in a container, or without a proxy', () => {
    assert.deepEqual(found({ TRUST_PROXY: 'true' }, PRIVATE), []);
    assert.deepEqual(found({ TRUST_PROXY: 'true', HOST: '0.0.0.0' }, PRIVATE), []);
    for (const HOST of ['127.0.0.1', '::1', '0:0:0:0:0:0:0:1', 'fe80::1%eth0', 'localhost', '10.0.3.7'])
      assert.deepEqual(found({ TRUST_PROXY: 'true', HOST }, PUBLIC), [], HOST);
    assert.deepEqual(found({}, PUBLIC), []);
  });
});
