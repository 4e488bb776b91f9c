/**
 * DER taken apart into a tree that can be changed and put together again, well-formed or not. It looks into the OCTET
 * STRINGs of extensions and the BIT STRINGs of keys as well, and shares no code with the parser that is tested.
 */

export interface DerNode {
  tag: number;
  /** What stands in a string before the values inside it: the count of unused bits. */
  prefix: Buffer;
  /** The values inside; undefined for one that is not taken further apart. */
  children: DerNode[] | undefined;
  /** The content of a value without children. */
  content: Buffer;
  /** How to write the length, where not as DER wants it. */
  length?: (actual: number) => Buffer;
}

const OCTET_STRING = 0x04;
const BIT_STRING = 0x03;
const CONSTRUCTED = 0x20;

/** Reads exactly one value, or answers undefined where the bytes are none. */
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

/** Every node with the one that holds it, from the outside in. */
export function nodesOf(root: DerNode): { readonly node: DerNode; readonly parent: DerNode | undefined }[] {
  const found: { node: DerNode; parent: DerNode | undefined }[] = [];
  const visit = (node: DerNode, parent: DerNode | undefined): void => {
    found.push({ node, parent });
    for (const child of node.children ?? []) visit(child, node);
  };
  visit(root, undefined);
  return found;
}

/** In as few octets as possible. */
export function derLength(length: number): Buffer {
  return length < 0x80 ? Buffer.of(length) : longLength(length);
}

/** With a count of octets before it; with leading zeros where there are to be more than are needed. */
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

/** A string holds a value where it begins as a SEQUENCE that fills it; anything else in it is taken as bytes. */
function holdsValues(tag: number, inside: Buffer): boolean {
  if ((tag & CONSTRUCTED) !== 0) return true;
  const header = readHeader(inside);
  return header?.tag === 0x30 && header.start + header.length === inside.length;
}
