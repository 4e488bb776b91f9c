import type { ClientBranding } from '../../oidc/clients/client-branding.ts';
import { isRead, type WebMiddleware } from '../context.ts';
import { brandFiles } from './addresses.ts';

const ADDRESS = /^(?<start>\/clients\/(?<client>[^/]+)\/(?:logo|theme)\.)[\w-]{10}(?<end>\.[a-z]+)$/;

/** An SVG opened directly is a document: this policy allows no scripts and no requests, and gives it an opaque origin. */
const PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'";

/** Serves logos and themes of clients. @param brandingOf branding of a client; `undefined`: there is no such client */
export function brandingRoutes(
  brandingOf: (clientId: string) => Promise<ClientBranding | undefined>,
): WebMiddleware {
  return async (ctx, next) => {
    const { start = '', client = '', end = '' } = ADDRESS.exec(ctx.path)?.groups ?? {};
    const clientId = decoded(client);
    if (clientId === undefined || !isRead(ctx)) return next();
    ctx.state.route = 'branding';
    const branding = await brandingOf(clientId);
    const files = brandFiles(clientId, branding ?? NOTHING);
    const file =
      files.find(({ address }) => address === ctx.path) ??
      files.find(({ address }) => address.startsWith(start) && address.endsWith(end));
    if (!file) return ctx.throw(404);
    // A page rendered before the branding changed requests an old address: it gets the current file, uncached.
    const current = file.address === ctx.path;
    ctx.set('Cache-Control', current ? 'public, max-age=31536000, immutable' : 'no-cache');
    if (file.type !== 'text/css') ctx.set('Content-Security-Policy', PICTURE_POLICY);
    ctx.type = file.type;
    ctx.body = file.content;
  };
}

const NOTHING: ClientBranding = { names: {}, displayText: {}, logo: undefined, accentColor: undefined };

function decoded(part: string): string | undefined {
  try {
    return part === '' ? undefined : decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
