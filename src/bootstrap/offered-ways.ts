import type { SmartIdConfig } from '../config/smart-id.ts';
import type { Flow } from '../flows/flows.ts';
import { isCountryAllowed, offeredFlows } from '../flows/offered-flows.ts';
import { COUNTRIES } from '../identity/countries/rules.ts';
import type { OfferedWays, Way } from '../web/login/ways.ts';
import { StartError } from './start-error.ts';

const WAYS: Readonly<Record<Flow, Way>> = { qr: 'qr', web2app: 'app', notification: 'code' };

/** What the pages offer. @throws StartError where the configured countries leave no flow that leads anybody in */
export function offeredWays({ flows, countries: allowed, notificationPolicy }: SmartIdConfig): OfferedWays {
  const countries = COUNTRIES.filter((country) => isCountryAllowed(allowed, country));
  const ways = offeredFlows(flows, countries).map((flow) => WAYS[flow]);
  if (ways.length === 0) {
    throw new StartError(
      'SMARTID_COUNTRIES leaves no way in: there is a form for the personal codes of EE, LV, LT and BE only. Name one of them, or add qr or web2app to SMARTID_FLOWS.',
    );
  }
  return { ways, notificationPolicy, countries };
}
