import type { ClientBranding } from '../../oidc/clients/client-branding.ts';
import type { WebMiddleware } from '../context.ts';
import { brandFiles } from './addresses.ts';

const ADDRESS = /^(?<start>\/clients\/(?<client>[^/]+)\/(?:logo|theme)\.)[\w-]{10}(?<end>\.[a-z]+)$/;

/** An SVG that somebody opens by itself is a document: this one runs nothing, loads nothing and belongs to no origin. */
const PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'";

/** Serves logos and themes of clients. @param brandingOf how a client looks; `undefined`: there is no such client */
export function brandingRoutes(
  brandingOf: (clientId: string) => Promise<ClientBranding | undefined>,
): WebMiddleware {
  return async (ctx, next) => {
    const { start = '', client = '', end = '' } = ADDRESS.exec(ctx.path)?.groups ?? {};
    const clientId = decoded(client);
    if (clientId === undefined || (ctx.method !== 'GET' && ctx.method !== 'HEAD')) return next();
    ctx.state.route = 'branding';
    const branding = await brandingOf(clientId);
    const file = brandFiles(clientId, branding ?? NOTHING).find(
      ({ address }) => address.startsWith(start) && address.endsWith(end),
    );
    if (!file) return ctx.throw(404);
    // A page that was drawn before the client changed asks for what was: near enough, but not to keep.
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
