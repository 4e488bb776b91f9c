import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FLOW_TRAITS, FLOWS, flowOfWireName } from '../../src/flows/flows.ts';
import { deviceLinkFlows, isCountryAllowed, offeredFlows } from '../../src/flows/offered-flows.ts';

describe('the flows that a deployment offers', () => {
  it('are those of the configuration where there are personal codes to ask for', () => {
    assert.deepEqual(offeredFlows(FLOWS, ['EE']), FLOWS);
  });

  it('have no notification where there are none', () => {
    assert.deepEqual(offeredFlows(FLOWS, []), ['qr', 'web2app']);
    assert.deepEqual(offeredFlows(['notification'], []), []);
  });

  it('share a device-link session, except the notification', () => {
    assert.deepEqual(deviceLinkFlows(FLOWS), ['qr', 'web2app']);
  });

  it('are for every country where none is named', () => {
    assert.equal(isCountryAllowed(undefined, 'DE'), true);
    assert.equal(isCountryAllowed(['EE'], 'EE'), true);
    assert.equal(isCountryAllowed(['EE'], 'DE'), false);
  });
});

describe('the wire name of a flow', () => {
  it('leads back to the flow', () => {
    for (const flow of FLOWS) assert.equal(flowOfWireName(FLOW_TRAITS[flow].wireName), flow);
  });

  it('is exact: any other text is no flow', () => {
    for (const name of ['', 'qr', 'web2app', 'Web2app', 'QR ', 'NFC', 'constructor']) {
      assert.equal(flowOfWireName(name), undefined, name);
    }
  });
});
