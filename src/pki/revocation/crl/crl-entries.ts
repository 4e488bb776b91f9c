/**
 * The entries of a revocation list, read in place. A list can have hundreds of thousands, so no objects are created: the
 * functions iterate over offsets in bytes that `readDer` has checked.
 *
 *   revokedCertificates: SEQUENCE { INTEGER serial, Time, [SEQUENCE of extensions] } …        (RFC 5280 5.1.2.6)
 */
import { contentStart, malformed, valueEnd } from '../../der/der.ts';
import { RevocationSourceError } from '../errors.ts';

const BOOLEAN = 0x01;
const INTEGER = 0x02;
const OCTET_STRING = 0x04;
const OBJECT_IDENTIFIER = 0x06;
const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;
const SEQUENCE = 0x30;
const TRUE = 0xff;

/**
 * All entries are well-formed, and none has a critical extension. The only one that RFC 5280 defines, certificateIssuer,
 * belongs to indirect lists, which are not accepted. (RFC 5280 5.3)
 *
 * @throws PkiError certificate_malformed, RevocationSourceError crl_critical_extension
 */
export function requireEntries(entries: Uint8Array): void {
  for (let at = 0; at < entries.length; at = valueEnd(entries, at)) requireEntry(entries, at);
}

/** Whether an entry has this serial number, with any date and reason: certificates on hold count as revoked. */
export function hasEntry(entries: Uint8Array, serialNumber: Uint8Array): boolean {
  for (let at = 0; at < entries.length; at = valueEnd(entries, at)) {
    const serial = contentStart(entries, at);
    const start = contentStart(entries, serial);
    if (valueEnd(entries, serial) - start !== serialNumber.length) continue;
    if (serialNumber.every((octet, index) => entries[start + index] === octet)) return true;
  }
  return false;
}

function requireEntry(bytes: Uint8Array, at: number): void {
  const end = valueEnd(bytes, at);
  const serial = contentStart(bytes, at);
  if (bytes[at] !== SEQUENCE || serial === end || bytes[serial] !== INTEGER) throw notAnEntry();
  const date = valueEnd(bytes, serial);
  if (date === end || (bytes[date] !== UTC_TIME && bytes[date] !== GENERALIZED_TIME)) throw notAnEntry();
  const extensions = valueEnd(bytes, date);
  if (extensions === end) return;
  if (bytes[extensions] !== SEQUENCE || valueEnd(bytes, extensions) !== end) throw notAnEntry();
  for (let one = contentStart(bytes, extensions); one < end; one = valueEnd(bytes, one)) {
    requireUncritical(bytes, one);
  }
}

function requireUncritical(bytes: Uint8Array, at: number): void {
  const end = valueEnd(bytes, at);
  const identifier = contentStart(bytes, at);
  if (bytes[at] !== SEQUENCE || identifier === end || bytes[identifier] !== OBJECT_IDENTIFIER)
    throw notAnEntry();
  const second = valueEnd(bytes, identifier);
  if (second === end) throw notAnEntry();
  if (bytes[second] === BOOLEAN && bytes[contentStart(bytes, second)] === TRUE) {
    throw new RevocationSourceError('crl_critical_extension', 'an entry has a critical extension');
  }
  const value = bytes[second] === BOOLEAN ? valueEnd(bytes, second) : second;
  if (value === end || bytes[value] !== OCTET_STRING || valueEnd(bytes, value) !== end) throw notAnEntry();
}

function notAnEntry() {
  return malformed('an entry is not laid out as it should be');
}
