/** The configuration as it holds for the logins at all clients. */
import type { SmartIdConfig } from '../config/smart-id.ts';
import {
  LoginSettingsError,
  loginSettingsOf,
  type OperatorSettings,
} from '../oidc/login-settings/login-settings.ts';
import { StartError } from './start-error.ts';

export function operatorSettingsOf(config: SmartIdConfig): OperatorSettings {
  const { flows, notificationPolicy, countries, certificateLevel, relyingParties } = config;
  return { flows, notificationPolicy, countries, certificateLevel, relyingParties };
}

/** @throws StartError where the configured countries leave no flow that leads anybody in */
export function requireSomebodyCanLogIn(config: SmartIdConfig): void {
  try {
    loginSettingsOf(operatorSettingsOf(config), {});
  } catch (cause) {
    if (!(cause instanceof LoginSettingsError)) throw cause;
    throw new StartError(
      'With these SMARTID_COUNTRIES nobody can log in: there is a form for the personal codes of EE, LV, LT and BE only. Name one of them, or add qr or web2app to SMARTID_FLOWS.',
      { cause },
    );
  }
}
