import type { SmartIdConfig } from '../config/smart-id.ts';
import { isCountryAllowed, offeredFlows } from '../flows/offered-flows.ts';
import { COUNTRIES } from '../identity/countries/rules.ts';
import type { OfferedFlows } from '../web/login/flow-choice.ts';
import { StartError } from './start-error.ts';

/** What the pages offer. @throws StartError where the configured countries leave no flow that leads anybody in */
export function offeredFlowsOf({
  flows,
  countries: allowed,
  notificationPolicy,
}: SmartIdConfig): OfferedFlows {
  const countries = COUNTRIES.filter((country) => isCountryAllowed(allowed, country));
  const offered = offeredFlows(flows, countries);
  if (offered.length === 0) {
    throw new StartError(
      'With these SMARTID_COUNTRIES nobody can log in: there is a form for the personal codes of EE, LV, LT and BE only. Name one of them, or add qr or web2app to SMARTID_FLOWS.',
    );
  }
  return { flows: offered, notificationPolicy, countries };
}
