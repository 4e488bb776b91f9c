/**
 * A client's logo: a PNG or SVG picture of at most 50 kB, stored with the client's metadata as a `data:` URL.
 *
 * Pages show it in an `<img>`, where an SVG runs no script and loads nothing. It is served with a Content-Security-Policy
 * that forbids both, for browsers that open it directly. Registration refuses active content too, as a further defence.
 */
import { z } from 'zod';

export const LOGO_BYTES = 50_000;
/** More than any page shows. A small file can declare a huge picture, which would exhaust a browser's memory. */
const MOST_PIXELS = 2_000;

export type LogoType = 'image/png' | 'image/svg+xml';

export interface ClientLogo {
  readonly type: LogoType;
  readonly bytes: Buffer;
}

/** Patterns that an SVG logo must not contain, with their names for the error message. */
const REFUSED_IN_SVG: readonly (readonly [RegExp, string])[] = [
  // An entity can hide any of the patterns below, and expand without limit.
  [/<!(doctype|entity)/i, 'a DOCTYPE'],
  [/<\?(?!xml\s)/i, 'a processing instruction'],
  [
    /<(?:[\w.-]+:)?(script|foreignobject|iframe|object|embed|audio|video|handler|listener)\b/i,
    'active content',
  ],
  [/[\s"'/]on[a-z]+\s*=/i, 'an event handler'],
  [/@import/i, 'a reference to elsewhere'],
  [/(?:java|vb)script:/i, 'a script'],
];

/** Only comments may precede the root element. Without the namespace a browser does not treat the file as a picture. */
const IS_SVG =
  /^(?:<\?xml\s[^>]*\?>)?(?:\s|<!--(?:(?!-->)[^])*-->)*<svg\s[^>]*\bxmlns\s*=\s*["']http:\/\/www\.w3\.org\/2000\/svg["'][^]*<\/svg>\s*$/;

/** Schema of the metadata `logo`. */
export const logoMetadata = z.string().superRefine((text, context) => {
  const problem = problemOf(readLogo(text));
  if (problem !== undefined) context.addIssue({ code: 'custom', message: `logo: ${problem}` });
});

/** The metadata for the bytes of a picture. They are not validated here: see `logoMetadata`. */
export function logoMetadataOf(picture: Buffer): string {
  const type: LogoType = isPng(picture) ? 'image/png' : 'image/svg+xml';
  return `data:${type};base64,${picture.toString('base64')}`;
}

/** The picture of logo metadata; `undefined` for anything else. */
export function readLogo(metadata: unknown): ClientLogo | undefined {
  if (typeof metadata !== 'string') return undefined;
  const [, type, base64] =
    /^data:(image\/(?:png|svg\+xml));base64,([A-Za-z0-9+/]+={0,2})$/.exec(metadata) ?? [];
  if (type === undefined || base64 === undefined) return undefined;
  return { type: type as LogoType, bytes: Buffer.from(base64, 'base64') };
}

function problemOf(logo: ClientLogo | undefined): string | undefined {
  if (!logo) return 'must be a PNG or SVG picture, as a data: URL in base64';
  if (logo.bytes.length > LOGO_BYTES) return `must be at most ${LOGO_BYTES / 1000} kB`;
  return logo.type === 'image/png' ? problemOfPng(logo.bytes) : problemOfSvg(logo.bytes);
}

const PNG_SIGNATURE = [...Buffer.from('89504e470d0a1a0a', 'hex')];

function isPng(picture: Buffer): boolean {
  return PNG_SIGNATURE.every((octet, at) => picture[at] === octet);
}

/** The first chunk, IHDR, contains the size. (W3C PNG, 5.3, 11.2.1) */
function problemOfPng(png: Buffer): string | undefined {
  if (!isPng(png) || png.length < 33 || png.toString('latin1', 12, 16) !== 'IHDR') return 'is no PNG picture';
  const largest = Math.max(png.readUInt32BE(16), png.readUInt32BE(20));
  return largest > MOST_PIXELS ? `must be at most ${MOST_PIXELS} pixels wide and high` : undefined;
}

function problemOfSvg(svg: Buffer): string | undefined {
  const text = utf8(svg);
  if (text === undefined) return 'must be a PNG picture, or an SVG picture in UTF-8';
  for (const [pattern, what] of REFUSED_IN_SVG) {
    if (pattern.test(text)) return `must be a plain picture, but the SVG has ${what} in it`;
  }
  for (const address of addressesIn(text)) {
    if (!/^(#|data:image\/(png|jpeg|webp);)/i.test(address)) {
      return `must stand by itself, but the SVG refers to ${address.slice(0, 60)}`;
    }
  }
  return IS_SVG.test(text) ? undefined : 'must be a PNG picture, or an SVG picture with its xmlns';
}

/** Every address that an SVG, or a style in it, refers to. */
function addressesIn(svg: string): string[] {
  const attributes = svg.matchAll(/\b(?:href|src)\s*=\s*(?:"([^"]*)"|'([^']*)')/gi);
  const styles = svg.matchAll(/url\(([^)]*)(?:\)|$)/gi);
  return [
    ...Array.from(attributes, ([, double, single]) => (double ?? single ?? '').trim()),
    ...Array.from(styles, ([, address = '']) => address.replace(/["'\s]|&quot;|&apos;/g, '')),
  ];
}

function utf8(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
