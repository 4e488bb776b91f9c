import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { gzipSync } from 'node:zlib';
import { isRead, type WebMiddleware } from '../context.ts';

const FILES = {
  css: new URL('../assets/login.css', import.meta.url),
  historyCss: new URL('../assets/history.css', import.meta.url),
  js: new URL('../assets/login.js', import.meta.url),
  icon: new URL('../assets/icon.svg', import.meta.url),
  // The library that renders QR codes is one file without imports, which browsers load directly.
  qr: new URL(import.meta.resolve('qr')),
} as const;
/** Browsers ask for it where a response names no icon. */
const FAVICON = '/favicon.ico';
const ADDRESS = /^\/assets\/(?<stem>[a-z]+)\.(?<hash>[\w-]{10})\.(?<extension>[a-z]+)$/;

/** Style sheet, scripts and icon of the pages, under addresses that change with their content. */
export interface Assets {
  readonly urls: Readonly<Record<keyof typeof FILES, string>>;
  readonly serve: WebMiddleware;
}

interface Asset {
  readonly url: string;
  readonly stem: string;
  readonly hash: string;
  readonly extension: string;
  readonly plain: Buffer;
  readonly gzipped: Buffer;
}

/** Reads all files once, into memory. @throws the system's error when a file is missing */
export function loadAssets(): Assets {
  const css = load('login', FILES.css);
  const historyCss = load('history', FILES.historyCss);
  const js = load('login', FILES.js);
  const icon = load('icon', FILES.icon);
  const qr = load('qr', FILES.qr);
  const favicon = readFileSync(new URL('../assets/favicon.ico', import.meta.url));
  const assets = new Map(
    [css, historyCss, js, icon, qr].map((asset) => [`${asset.stem}.${asset.extension}`, asset]),
  );
  return {
    urls: { css: css.url, historyCss: historyCss.url, js: js.url, icon: icon.url, qr: qr.url },
    serve: async (ctx, next) => {
      if (!isRead(ctx)) return next();
      if (ctx.path === FAVICON) {
        ctx.state.route = 'asset';
        ctx.set('Cache-Control', 'public, max-age=86400');
        ctx.type = 'image/x-icon';
        ctx.body = favicon;
        return;
      }
      const { stem, hash, extension } = ADDRESS.exec(ctx.path)?.groups ?? {};
      const asset = assets.get(`${stem}.${extension}`);
      if (!asset) return next();
      ctx.state.route = 'asset';
      // During an update, a page of one release may request an asset of the other: it gets this one, uncached.
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

function load(stem: string, file: URL): Asset {
  const content = readFileSync(file);
  const plain = file.pathname.endsWith('.css') ? withoutComments(content) : content;
  const hash = createHash('sha256').update(plain).digest('base64url').slice(0, 10);
  const extension = extname(file.pathname).slice(1);
  return {
    url: `/assets/${stem}.${hash}.${extension}`,
    stem,
    hash,
    extension,
    plain,
    gzipped: gzipSync(plain),
  };
}

/** A style sheet without its comments and indentation: a quarter less to send. */
function withoutComments(css: Buffer): Buffer {
  return Buffer.from(
    css
      .toString()
      .replaceAll(/\/\*.*?\*\//gs, '')
      .replaceAll(/^\s+/gm, ''),
  );
}
