import { errors } from 'oidc-provider';
import { DELIVERY_MODES } from './ciba-client.ts';

const refuse = () => {
  throw new errors.UnauthorizedClient('nobody can be asked without a browser here');
};

/** The feature without a login behind it: metadata of clients are validated with it, and each request is refused. */
export const UNCONNECTED_CIBA = {
  enabled: true,
  deliveryModes: DELIVERY_MODES,
  validateRequestContext: refuse,
  validateBindingMessage: refuse,
  processLoginHint: refuse,
  processLoginHintToken: refuse,
  verifyUserCode: refuse,
  triggerAuthenticationDevice: refuse,
} as const;
