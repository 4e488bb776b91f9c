import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  readSessionStatusV2,
  sessionStatusV2Schema,
} from '../../../../src/smart-id/rp-api/v2/session-status.ts';
import { json, rpApiServer } from '../rp-api-server.ts';

const SESSION_ID = '3d32860c-b62d-4716-9992-f6983e678761';
const completed = {
  state: 'COMPLETE',
  result: { endResult: 'OK', documentNumber: 'PNOEE-30001010004-BVFM-Q' },
  signature: { value: 'Vak2', algorithm: 'sha512WithRSAEncryption' },
  cert: { value: 'MIIF', certificateLevel: 'QUALIFIED' },
  interactionFlowUsed: 'displayTextAndPIN',
};

describe('the session status of RP API v2', () => {
  it('is requested as a long poll, and read without unknown members', async (test) => {
    const server = await rpApiServer(test, (response) => {
      json(response, 200, { ...completed, ignoredProperties: [], deviceIpAddress: '203.0.113.34' });
    });
    const answer = await readSessionStatusV2(server, SESSION_ID, 2_000);
    assert.deepEqual(answer, { kind: 'answered', status: completed });
    assert.equal(server.received[0]?.url, `/v3/session/${SESSION_ID}?timeoutMs=2000`);
  });

  it('may lack members, which verification checks', () => {
    for (const status of [
      { state: 'COMPLETE' },
      { state: 'COMPLETE', result: {}, signature: {}, cert: {} },
    ]) {
      assert.deepEqual(sessionStatusV2Schema.parse(status), status);
    }
  });

  it('is refused with another JSON type, an unknown state, or an end result while running', () => {
    for (const status of [
      { ...completed, signature: 'Vak2' },
      { ...completed, cert: { value: 7 } },
      { ...completed, interactionFlowUsed: ['displayTextAndPIN'] },
      { ...completed, state: 'DONE' },
      { state: 'RUNNING', result: { endResult: 'OK' } },
    ]) {
      assert.equal(sessionStatusV2Schema.safeParse(status).success, false, JSON.stringify(status));
    }
  });
});
