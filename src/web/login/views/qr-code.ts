import encodeQR from 'qr';

/**
 * A QR code as SVG, for browsers without JavaScript. Error correction level L, as SK recommends for links of this length, and the
 * quiet zone of four blocks that scanners need. (ISO/IEC 18004; RP API 3.2, Device link flows)
 */
export function qrCodeSvg(link: string): string {
  return encodeQR(link, 'svg', { ecc: 'low', border: 4 });
}
