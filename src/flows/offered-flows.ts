/** Which flows a deployment offers, by its configuration. Takes plain values, so that the configuration can import the flows. */
import { type DeviceLinkFlow, type Flow, isDeviceLinkFlow } from './flows.ts';

/**
 * The configured flows without those by which nobody could log in.
 *
 * @param formCountries the countries whose personal codes the form can ask for
 */
export function offeredFlows(flows: readonly Flow[], formCountries: readonly string[]): readonly Flow[] {
  return flows.filter((flow) => leadsSomebodyIn(flow, formCountries));
}

function leadsSomebodyIn(flow: Flow, formCountries: readonly string[]): boolean {
  switch (flow) {
    case 'qr':
    case 'web2app':
      return true;
    case 'notification':
      return formCountries.length > 0;
  }
}

/** @param allowed ISO 3166-1 alpha-2 codes; undefined: every country */
export function isCountryAllowed(allowed: readonly string[] | undefined, country: string): boolean {
  return allowed?.includes(country) ?? true;
}

export function deviceLinkFlows(flows: readonly Flow[]): DeviceLinkFlow[] {
  return flows.filter(isDeviceLinkFlow);
}
