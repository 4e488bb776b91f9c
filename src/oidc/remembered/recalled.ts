/** Which requests got a remembered login. */
import type { KoaContextWithOIDC } from 'oidc-provider';

const recalled = new WeakSet<object>();

export function markRecalled({ oidc }: KoaContextWithOIDC): void {
  recalled.add(oidc);
}

export function isRecalled({ oidc }: Pick<KoaContextWithOIDC, 'oidc'>): boolean {
  return recalled.has(oidc);
}
