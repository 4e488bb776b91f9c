import { type Client, errors } from 'oidc-provider';

/**
 * The scope with which a client gets the receipt of a login from the userinfo endpoint. Off for each client whose `scope` does
 * not name it, since a receipt has the person's whole certificate.
 */
export const RECEIPT_SCOPE = 'receipt';

/** Refuses a request for a receipt of a client that gets none. */
export function requireAllowedReceipt(client: Client, scope: string | undefined): void {
  if (!isRequested(scope) || isAllowed(client)) return;
  throw new errors.InvalidScope('requested scope is not allowed', RECEIPT_SCOPE);
}

/** Whether the login of a request is to have a receipt. */
export function wantsReceipt(client: Client, params: Readonly<Record<string, unknown>>): boolean {
  return isRequested(params.scope) && isAllowed(client);
}

function isRequested(scope: unknown): boolean {
  return typeof scope === 'string' && scope.split(' ').includes(RECEIPT_SCOPE);
}

function isAllowed({ scope }: Client): boolean {
  return scope?.split(' ').includes(RECEIPT_SCOPE) ?? false;
}
