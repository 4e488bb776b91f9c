import type { SmartIdConfig } from './config/smart-id.ts';
import { COUNTRIES } from './identity/countries/rules.ts';
import { StartError } from './bootstrap/start-error.ts';
import type { WebAppOptions } from './web/app.ts';

/** The flows that the pages offer. What the version of the RP API cannot do is in no configuration. */
export function offeredWays(smartId: SmartIdConfig): WebAppOptions['offered'] {
  const { flows, notificationPolicy } = smartId;
  const countries = COUNTRIES.filter((country) => isCountryAllowed(smartId, country));
  const offered = flows.filter((flow) => flow !== 'notification' || countries.length > 0);
  if (offered.length === 0) {
    throw new StartError(
      'SMARTID_COUNTRIES leaves no way in: there is a form for the personal codes of EE, LV, LT and BE only. Name one of them, or add qr or web2app to SMARTID_FLOWS.',
    );
  }
  return { flows: offered, notificationPolicy, countries };
}

export function isCountryAllowed({ countries }: SmartIdConfig, country: string): boolean {
  return countries?.includes(country) ?? true;
}

export function deviceLinkFlows({ flows }: SmartIdConfig): ('QR' | 'Web2App')[] {
  return [
    ...(flows.includes('qr') ? ['QR' as const] : []),
    ...(flows.includes('web2app') ? ['Web2App' as const] : []),
  ];
}
