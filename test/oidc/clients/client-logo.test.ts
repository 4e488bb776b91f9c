import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PNG } from 'pngjs';
import { LOGO_BYTES, logoMetadata, logoMetadataOf, readLogo } from '../../../src/oidc/clients/client-logo.ts';

const SVG = 'xmlns="http://www.w3.org/2000/svg"';
const inSvg = (content: string, attributes = '') =>
  `<svg ${SVG} viewBox="0 0 9 9" ${attributes}>${content}</svg>`;
const isLogo = (picture: string | Buffer) =>
  logoMetadata.safeParse(logoMetadataOf(Buffer.from(picture))).success;
const png = (width: number, height: number) =>
  PNG.sync.write(new PNG({ width, height }), { deflateLevel: 9 });

describe('a logo', () => {
  it('is a PNG or an SVG, and is stored unchanged', () => {
    for (const [type, picture] of [
      ['image/png', png(200, 80)],
      ['image/svg+xml', Buffer.from(inSvg('<path d="M0 0h9v9z" fill="#0a6e5c"/>'))],
    ] as const) {
      const metadata = logoMetadataOf(picture);
      assert.equal(logoMetadata.parse(metadata), metadata);
      assert.deepEqual(readLogo(metadata), { type, bytes: picture });
    }
  });

  for (const [title, svg] of [
    [
      'an XML declaration and comments',
      `<?xml version="1.0" encoding="UTF-8"?>\n<!-- drawn -- by > hand -->\n${inSvg('')}\n`,
    ],
    [
      'its own styles',
      inSvg('<style>.a{fill:url(#g)}</style><linearGradient id="g"/><path class="a" d=""/>'),
    ],
    [
      'references within itself',
      inSvg('<use href="#a"/><use xlink:href=\'#b\'/><path clip-path="url(&quot;#c&quot;)"/>'),
    ],
    ['an embedded picture', inSvg('<image href="data:image/png;base64,iVBORw0KGgo="/>')],
    ['a title in any script', inSvg('<title>Raamatukogu Õ “on” Библиотека</title>')],
  ] as const) {
    it(`may have ${title}`, () => {
      assert.ok(isLogo(svg));
    });
  }

  for (const [title, picture] of [
    ['a script', inSvg('<script>alert(1)</script>')],
    [
      'a script with a namespace prefix',
      inSvg('<svg:SCRIPT xmlns:svg="http://www.w3.org/2000/svg">alert(1)</svg:SCRIPT>'),
    ],
    ['an event handler', inSvg('', 'onload="alert(1)"')],
    ['an event handler on a line of its own', inSvg('<path\nonclick = "alert(1)"/>')],
    ['an embedded page', inSvg('<foreignObject><iframe src="#"/></foreignObject>')],
    ['a link that is a script', inSvg('<a href="javascript:alert(1)"/>')],
    ['an address in an animation', inSvg('<set attributeName="href" to="javascript:alert(1)"/>')],
    ['a picture from elsewhere', inSvg('<image href="https://evil.example/count.png"/>')],
    ['a picture from elsewhere, in disguise', inSvg("<image xlink:href = ' &#x68;ttps://evil.example/'/>")],
    ['an embedded document', inSvg('<use href="data:image/svg+xml;base64,PHN2Zz4="/>')],
    ['a style from elsewhere', inSvg('<style>@import "https://evil.example/a.css"</style>')],
    ['a fill from elsewhere', inSvg('<path fill="url( \'https://evil.example/#a\')"/>')],
    ['a style sheet instruction', `<?xml-stylesheet href="https://evil.example/a.css"?>${inSvg('')}`],
    [
      'a style sheet instruction within it',
      inSvg('<?xml-stylesheet type="text/css" HREF = "#a"?><path d=""/>'),
    ],
    ['a DOCTYPE within it', inSvg('<!DOCTYPE svg>')],
    ['an entity within it', inSvg('<!ENTITY a "b">')],
    ['a source from elsewhere', inSvg('<image src="https://evil.example/count.png"/>')],
    ['entities', `<!DOCTYPE svg [<!ENTITY a "<script>alert(1)</script>">]>${inSvg('&a;')}`],
    ['no namespace', '<svg viewBox="0 0 9 9"></svg>'],
    ['another document around it', `<html>${inSvg('')}</html>`],
    ['content after it', `${inSvg('')}<p>`],
    ['an encoding that hides a script', Buffer.from(inSvg('<script/>'), 'utf16le')],
    ['bytes that are not text', Buffer.from([0x3c, 0x73, 0x76, 0x67, 0xff, 0xfe])],
    ['more than 50 kB', inSvg('<!---->'.repeat(LOGO_BYTES / 7))],
    ['no content', ''],
    ['too many pixels in a row', png(2001, 1)],
    ['too many rows of pixels', png(1, 2001)],
    ['text that is not UTF-8', Buffer.from(inSvg('<title>Õ</title>'), 'latin1')],
    ['a truncated PNG', png(9, 9).subarray(0, 20)],
    [
      'a PNG whose first chunk is not IHDR',
      Buffer.from(png(9, 9).toString('latin1').replace('IHDR', 'IDAT'), 'latin1'),
    ],
    ['a JPEG', Buffer.from('ffd8ffe000104a464946', 'hex')],
  ] as const) {
    it(`may not have ${title}`, () => {
      assert.ok(!isLogo(picture));
    });
  }

  it('is neither an address nor other data', () => {
    for (const metadata of [
      'https://evil.example/logo.png',
      'data:text/html;base64,PHA+',
      'data:image/svg+xml,<svg/>',
      `data:image/png;charset=x;base64,${png(9, 9).toString('base64')}`,
      `data:image/png;base64,${Buffer.from(inSvg('')).toString('base64')}`,
      '',
    ]) {
      assert.ok(!logoMetadata.safeParse(metadata).success, metadata.slice(0, 40));
    }
  });
});
