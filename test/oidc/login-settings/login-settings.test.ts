import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  loginSettingsOf,
  type OperatorSettings,
  refusalOf,
} from '../../../src/oidc/login-settings/login-settings.ts';
import { aLogin, OPERATOR } from '../../support/oidc-bridge.ts';

const LIMITED: OperatorSettings = {
  flows: ['qr', 'notification'],
  notificationPolicy: 'known-browser',
  countries: ['EE', 'LV', 'FI'],
  certificateLevel: 'QUALIFIED',
  relyingParties: [{ name: 'DEMO' }, { name: 'Broker', brokeredName: 'Museum' }],
};

const refused = (operator: OperatorSettings, client: object, message: RegExp) => {
  assert.throws(() => loginSettingsOf(operator, client), { code: 'login_settings', message });
};

describe('the settings of a client', () => {
  it('are those of the operator by default', () => {
    assert.deepEqual(loginSettingsOf(LIMITED, {}), {
      offered: {
        flows: ['qr', 'notification'],
        notificationPolicy: 'known-browser',
        countries: ['EE', 'LV'],
      },
      allowedCountries: ['EE', 'LV', 'FI'],
      certificateLevel: 'QUALIFIED',
      relyingParty: { name: 'DEMO' },
      backchannel: false,
    });
  });

  it('never widen those of the operator', () => {
    const client = {
      flows: ['notification', 'web2app', 'qr'],
      notification_policy: 'always',
      countries: ['DE', 'EE', 'LT'],
      certificate_level: 'ADVANCED',
    };
    assert.deepEqual(loginSettingsOf(LIMITED, client), {
      offered: { flows: ['qr', 'notification'], notificationPolicy: 'known-browser', countries: ['EE'] },
      allowedCountries: ['EE'],
      certificateLevel: 'QUALIFIED',
      relyingParty: { name: 'DEMO' },
      backchannel: false,
    });
  });

  it('narrow those of the operator', () => {
    const client = {
      flows: ['web2app', 'qr'],
      notification_policy: 'never',
      countries: ['LT', 'DE'],
      certificate_level: 'QUALIFIED',
    };
    assert.deepEqual(loginSettingsOf(OPERATOR, client), {
      offered: { flows: ['qr', 'web2app'], notificationPolicy: 'never', countries: ['LT'] },
      allowedCountries: ['LT', 'DE'],
      certificateLevel: 'QUALIFIED',
      relyingParty: { name: 'DEMO' },
      backchannel: false,
    });
  });

  it('let a client ask without a browser by the policy, and by the flows of both', () => {
    const backchannel = (operator: Partial<OperatorSettings>, client: object = {}) =>
      loginSettingsOf({ ...OPERATOR, ...operator }, client).backchannel;
    const allowed = { backchannel_push_allowed: true };
    assert.equal(backchannel({}), true);
    assert.equal(backchannel({}, { notification_policy: 'known-browser' }), false);
    assert.equal(backchannel({ notificationPolicy: 'known-browser' }), false);
    assert.equal(backchannel({ notificationPolicy: 'known-browser' }, allowed), true);
    assert.equal(backchannel({ notificationPolicy: 'never' }, allowed), false);
    assert.equal(backchannel({}, { ...allowed, notification_policy: 'never' }), false);
    assert.equal(backchannel({ flows: ['qr'] }, allowed), false);
    assert.equal(backchannel({}, { ...allowed, flows: ['qr'] }), false);
    // The form has no codes of Finland, and is not needed.
    assert.equal(backchannel({}, { countries: ['FI'] }), true);
  });

  it('have no form where the countries have no personal codes', () => {
    assert.deepEqual(loginSettingsOf(OPERATOR, { countries: ['FI'] }).offered.flows, ['qr', 'web2app']);
  });

  it('choose a registered name, with its brokered name', () => {
    assert.deepEqual(loginSettingsOf(LIMITED, { relying_party_name: 'Broker' }).relyingParty, {
      name: 'Broker',
      brokeredName: 'Museum',
    });
    refused(LIMITED, { relying_party_name: 'Museum' }, /SMARTID_RP_NAMES/);
  });

  it('must leave a way to log in', () => {
    refused(LIMITED, { countries: ['LT', 'BE'] }, /SMARTID_COUNTRIES/);
    refused(LIMITED, { flows: ['web2app'] }, /SMARTID_FLOWS/);
    refused(OPERATOR, { flows: ['notification'], countries: ['FI'] }, /form for personal codes/);
    refused(
      OPERATOR,
      { flows: ['notification'], notification_policy: 'known-browser' },
      /needs qr or web2app/,
    );
    refused(LIMITED, { flows: ['notification'] }, /needs qr or web2app/);
    assert.deepEqual(loginSettingsOf(OPERATOR, { flows: ['notification'] }).offered.flows, ['notification']);
  });
});

describe('a confirmed login', () => {
  const refusal = (client: object, login: Parameters<typeof aLogin>[0] = {}) =>
    refusalOf(loginSettingsOf(OPERATOR, client), aLogin(login));

  it('is refused for another country', () => {
    assert.equal(refusal({ countries: ['EE'] }), undefined);
    assert.equal(refusal({ countries: ['LV', 'LT'] }), 'country_not_allowed');
  });

  it('is refused for a lower level', () => {
    const advanced = { certificateLevel: 'ADVANCED' } as const;
    assert.equal(refusal({}, advanced), undefined);
    assert.equal(refusal({ certificate_level: 'ADVANCED' }), undefined);
    assert.equal(refusal({ certificate_level: 'QUALIFIED' }, advanced), 'account_not_suitable');
  });
});
