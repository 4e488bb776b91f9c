/**
 * Parses DER into a tree that can be changed and encoded again, well-formed or not. It also parses the OCTET STRINGs of
 * extensions and the BIT STRINGs of keys, and shares no code with the tested parser.
 */

export interface DerNode {
  tag: number;
  /** The byte in a BIT STRING before the inner values: the number of unused bits. */
  prefix: Buffer;
  /** The inner values; undefined for a value that is not parsed further. */
  children: DerNode[] | undefined;
  /** The content of a value without children. */
  content: Buffer;
  /** How to encode the length, if not in DER. */
  length?: (actual: number) => Buffer;
}

const OCTET_STRING = 0x04;
const BIT_STRING = 0x03;
const CONSTRUCTED = 0x20;

/** Parses exactly one value, or returns undefined if the bytes are not one. */
export function readTree(bytes: Buffer): DerNode | undefined {
  const values = readAll(bytes);
  return values?.length === 1 ? values[0] : undefined;
}

export function writeTree(node: DerNode): Buffer {
  const inside = node.children ? Buffer.concat(node.children.map(writeTree)) : node.content;
  const content = Buffer.concat([node.prefix, inside]);
  const length = node.length ?? derLength;
  return Buffer.concat([Buffer.of(node.tag), length(content.length), content]);
}

/** Every node with its parent, parents first. */
export function nodesOf(root: DerNode): { readonly node: DerNode; readonly parent: DerNode | undefined }[] {
  const found: { node: DerNode; parent: DerNode | undefined }[] = [];
  const visit = (node: DerNode, parent: DerNode | undefined): void => {
    found.push({ node, parent });
    for (const child of node.children ?? []) visit(child, node);
  };
  visit(root, undefined);
  return found;
}

/** The shortest form. */
export function derLength(length: number): Buffer {
  return length < 0x80 ? Buffer.of(length) : longLength(length);
}

/** The long form, with leading zeros if more octets are requested than needed. */
export function longLength(length: number, zeros = 0): Buffer {
  const hex = length.toString(16);
  const octets = Buffer.from(hex.padStart(hex.length + (hex.length % 2) + 2 * zeros, '0'), 'hex');
  return Buffer.concat([Buffer.of(0x80 | octets.length), octets]);
}

function readAll(bytes: Buffer): DerNode[] | undefined {
  const values: DerNode[] = [];
  for (let at = 0; at < bytes.length;) {
    const header = readHeader(bytes.subarray(at));
    if (!header) return undefined;
    const end = at + header.start + header.length;
    if (end > bytes.length) return undefined;
    values.push(nodeOf(header.tag, bytes.subarray(at + header.start, end)));
    at = end;
  }
  return values;
}

function readHeader(bytes: Buffer): { tag: number; start: number; length: number } | undefined {
  const [tag, first] = bytes;
  if (tag === undefined || first === undefined) return undefined;
  if (first < 0x80) return { tag, start: 2, length: first };
  const octets = first & 0x7f;
  if (octets === 0 || octets > 4 || bytes.length < 2 + octets) return undefined;
  return { tag, start: 2 + octets, length: bytes.readUIntBE(2, octets) };
}

function nodeOf(tag: number, content: Buffer): DerNode {
  const prefix = tag === BIT_STRING ? content.subarray(0, 1) : Buffer.alloc(0);
  const inside = content.subarray(prefix.length);
  const mayHold = (tag & CONSTRUCTED) !== 0 || tag === OCTET_STRING || tag === BIT_STRING;
  const children = mayHold && holdsValues(tag, inside) ? readAll(inside) : undefined;
  return { tag, prefix, children, content: inside };
}

/** A string contains values only if it is exactly one SEQUENCE; otherwise it is treated as bytes. */
function holdsValues(tag: number, inside: Buffer): boolean {
  if ((tag & CONSTRUCTED) !== 0) return true;
  const header = readHeader(inside);
  return header?.tag === 0x30 && header.start + header.length === inside.length;
}
