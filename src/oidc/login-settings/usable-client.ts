import { type ClientMetadata, errors } from 'oidc-provider';
import { LoginSettingsError, loginSettingsOf, type OperatorSettings } from './login-settings.ts';

/**
 * Refuses an authorization request of a client at which nobody can log in, as Sild is configured now.
 *
 * @throws {errors.UnauthorizedClient}
 */
export function requireUsableClient(operator: OperatorSettings, client: object): void {
  const problem = problemOf(operator, client);
  if (problem === undefined) return;
  throw new errors.UnauthorizedClient('nobody can log in at this client, as it is registered', problem);
}

/**
 * Refuses the metadata of such a client, and of one that asks without a browser and may not.
 *
 * @throws {errors.InvalidClientMetadata}
 */
export function requireUsableMetadata(operator: OperatorSettings, metadata: ClientMetadata): void {
  const problem = problemOf(operator, metadata);
  if (problem !== undefined) throw new errors.InvalidClientMetadata(problem);
  if (metadata.backchannel_token_delivery_mode === undefined) return;
  if (!loginSettingsOf(operator, metadata).backchannel) {
    throw new errors.InvalidClientMetadata(
      'backchannel_token_delivery_mode needs notification in flows, and a notification policy of always, or of known-browser with backchannel_push_allowed',
    );
  }
}

function problemOf(operator: OperatorSettings, client: object): string | undefined {
  try {
    loginSettingsOf(operator, client);
    return undefined;
  } catch (error) {
    if (error instanceof LoginSettingsError) return error.message;
    throw error;
  }
}
