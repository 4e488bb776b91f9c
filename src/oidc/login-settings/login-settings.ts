/**
 * How people log in at a client: what the operator has configured, narrowed by the client's metadata.
 *
 *   configuration ─▶ OperatorSettings ─┐
 *   client metadata ─ loginMetadata ───┴─▶ loginSettingsOf ─▶ LoginSettings, once for each interaction
 *
 * A client never widens anything: of two lists the common members count, of two levels or policies the stricter one, and a name
 * must be one that the operator has listed. A client for which this leaves no way to log in is refused, when it is registered
 * and at each authorization request, since the configuration may have changed meanwhile.
 *
 * A push that a client asks for without a browser (`../ciba/`) comes from no known browser. So the policy `known-browser` excludes
 * it, unless the operator has allowed it for this one client, and `never` excludes it always.
 */
import { NOTIFICATION_POLICIES, type NotificationPolicy } from '../../config/smart-id.ts';
import { isDeviceLinkFlow, type Flow } from '../../flows/flows.ts';
import { isCountryAllowed, offeredFlows } from '../../flows/offered-flows.ts';
import { type CertificateLevel, isBelow, stricterLevel } from '../../identity/certificate-level.ts';
import { COUNTRIES, type Country } from '../../identity/countries/rules.ts';
import type { LoginResult } from '../../login/login-result.ts';
import type { RelyingPartyName } from '../../login/authenticator.ts';
import { loginMetadataSchema } from './login-metadata.ts';

/** What the pages offer. */
export interface OfferedFlows {
  /** At least one. */
  readonly flows: readonly Flow[];
  readonly notificationPolicy: NotificationPolicy;
  /** Countries of the personal codes that the form accepts, in its order. Without any, `notification` is not offered. */
  readonly countries: readonly Country[];
}

export interface LoginSettings {
  readonly offered: OfferedFlows;
  /** ISO 3166-1 alpha-2 codes of the identities that may log in; undefined: all. */
  readonly allowedCountries: readonly string[] | undefined;
  /** The level that a login must have at least. */
  readonly certificateLevel: CertificateLevel;
  /** As whom the app shows the relying party. */
  readonly relyingParty: RelyingPartyName;
  /** Whether the client may ask for a push without a browser. */
  readonly backchannel: boolean;
}

/** What the operator has configured, for all clients. */
export interface OperatorSettings {
  readonly flows: readonly Flow[];
  readonly notificationPolicy: NotificationPolicy;
  readonly countries: readonly string[] | undefined;
  readonly certificateLevel: CertificateLevel;
  /** The names that the eID knows the relying party by; the first is the default. */
  readonly relyingParties: readonly [RelyingPartyName, ...RelyingPartyName[]];
}

/** The client and the configuration leave no way to log in. The message is for the operator, and contains no personal data. */
export class LoginSettingsError extends Error {
  readonly code = 'login_settings';

  constructor(message: string) {
    super(message);
    this.name = 'LoginSettingsError';
  }
}

/** Why a completed login is not one for this client. */
export type LoginRefusal = 'country_not_allowed' | 'account_not_suitable';

/**
 * @param metadata of a registered client; other members are ignored
 * @throws {LoginSettingsError}
 */
export function loginSettingsOf(operator: OperatorSettings, metadata: object): LoginSettings {
  const client = loginMetadataSchema.parse(metadata);
  const allowedCountries = common(operator.countries, client.countries);
  if (allowedCountries?.length === 0) {
    throw new LoginSettingsError('countries has none of SMARTID_COUNTRIES');
  }
  const offered = {
    ...offeredTo(operator, { flows: client.flows ?? operator.flows, countries: allowedCountries }),
    notificationPolicy: stricterPolicy(operator.notificationPolicy, client.notification_policy),
  };
  requireSomeFlow(offered);
  const { notificationPolicy } = offered;
  return {
    offered,
    backchannel:
      canPush(operator, client.flows) &&
      isBackchannelAllowed(notificationPolicy, client.backchannel_push_allowed ?? false),
    allowedCountries,
    certificateLevel: stricterLevel(operator.certificateLevel, client.certificate_level),
    relyingParty: relyingPartyOf(operator, client.relying_party_name),
  };
}

/** Whether any client may be allowed to ask for a push without a browser. */
export function canOfferBackchannel(operator: OperatorSettings): boolean {
  return canPush(operator) && isBackchannelAllowed(operator.notificationPolicy, true);
}

/** A push without a browser does not need the form for personal codes, which only some countries have. */
function canPush(operator: OperatorSettings, flows = operator.flows): boolean {
  return operator.flows.includes('notification') && flows.includes('notification');
}

function isBackchannelAllowed(policy: NotificationPolicy, isClientAllowed: boolean): boolean {
  switch (policy) {
    case 'always':
      return true;
    case 'known-browser':
      return isClientAllowed;
    case 'never':
      return false;
  }
}

/** The flows and forms without those by which nobody could log in. */
function offeredTo(
  operator: OperatorSettings,
  asked: { readonly flows: readonly Flow[]; readonly countries: readonly string[] | undefined },
): Pick<OfferedFlows, 'flows' | 'countries'> {
  const countries = COUNTRIES.filter((country) => isCountryAllowed(asked.countries, country));
  const flows = operator.flows.filter((flow) => asked.flows.includes(flow));
  if (flows.length === 0) throw new LoginSettingsError('flows has none of SMARTID_FLOWS');
  return { flows: offeredFlows(flows, countries), countries };
}

function requireSomeFlow({ flows, notificationPolicy }: OfferedFlows): void {
  if (flows.length === 0) {
    throw new LoginSettingsError(
      'only notification is left of the flows, and the form for personal codes is for EE, LV, LT and BE only',
    );
  }
  if (notificationPolicy !== 'always' && !flows.some(isDeviceLinkFlow)) {
    throw new LoginSettingsError(
      `notification_policy ${notificationPolicy} needs qr or web2app in flows: by a push alone, no browser gets known`,
    );
  }
}

function relyingPartyOf({ relyingParties }: OperatorSettings, name: string | undefined): RelyingPartyName {
  if (name === undefined) return relyingParties[0];
  const found = relyingParties.find((each) => each.name === name);
  if (found) return found;
  throw new LoginSettingsError('relying_party_name is not in SMARTID_RP_NAME and SMARTID_RP_NAMES');
}

/** Why this client does not accept a login, though Smart-ID has confirmed it; undefined: it does. */
export function refusalOf(
  { allowedCountries, certificateLevel }: LoginSettings,
  login: Pick<LoginResult, 'person' | 'certificateLevel'>,
): LoginRefusal | undefined {
  if (!isCountryAllowed(allowedCountries, login.person.identityCountry)) return 'country_not_allowed';
  return isBelow(login.certificateLevel, certificateLevel) ? 'account_not_suitable' : undefined;
}

/** The later in the list, the stricter. */
function stricterPolicy(one: NotificationPolicy, other: NotificationPolicy | undefined): NotificationPolicy {
  return NOTIFICATION_POLICIES.findLast((policy) => policy === one || policy === other) ?? one;
}

/** @returns undefined where neither list limits anything */
function common(
  one: readonly string[] | undefined,
  other: readonly string[] | undefined,
): readonly string[] | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one.filter((member) => other.includes(member));
}
