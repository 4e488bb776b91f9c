import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { WebMiddleware } from './context.ts';

const FILES = { css: 'login.css', js: 'login.js', icon: 'icon.svg' } as const;
const ADDRESS = /^\/assets\/(?<stem>[a-z]+)\.(?<hash>[\w-]{10})\.(?<extension>[a-z]+)$/;

/** Style sheet, script and icon of the pages, under addresses that change with their content. */
export interface Assets {
  readonly urls: Readonly<Record<keyof typeof FILES, string>>;
  readonly serve: WebMiddleware;
}

interface Asset {
  readonly url: string;
  readonly hash: string;
  readonly extension: string;
  readonly plain: Buffer;
  readonly gzipped: Buffer;
}

/** Reads everything once, into memory. @throws the system's error when a file is missing */
export function loadAssets(): Assets {
  const assets = new Map(Object.values(FILES).map((name) => [name as string, load(name)]));
  const urlOf = (name: string) => assets.get(name)?.url ?? '';
  return {
    urls: { css: urlOf(FILES.css), js: urlOf(FILES.js), icon: urlOf(FILES.icon) },
    serve: async (ctx, next) => {
      const { stem, hash, extension } = ADDRESS.exec(ctx.path)?.groups ?? {};
      const asset = assets.get(`${stem}.${extension}`);
      if (!asset || (ctx.method !== 'GET' && ctx.method !== 'HEAD')) return next();
      ctx.state.route = 'asset';
      // While one release replaces another, a page of the one may ask the other for its style: near enough, but not to keep.
      ctx.set('Cache-Control', hash === asset.hash ? 'public, max-age=31536000, immutable' : 'no-cache');
      ctx.vary('Accept-Encoding');
      ctx.type = asset.extension;
      if (ctx.acceptsEncodings('gzip', 'identity') === 'gzip') {
        ctx.set('Content-Encoding', 'gzip');
        ctx.body = asset.gzipped;
      } else {
        ctx.body = asset.plain;
      }
    },
  };
}

function load(name: string): Asset {
  const plain = readFileSync(new URL(`./assets/${name}`, import.meta.url));
  const hash = createHash('sha256').update(plain).digest('base64url').slice(0, 10);
  const [stem = '', extension = ''] = name.split('.');
  return { url: `/assets/${stem}.${hash}.${extension}`, hash, extension, plain, gzipped: gzipSync(plain) };
}
