import fc from 'fast-check';
import { type ByteMutation, byteMutation, mutateBytes } from './byte-mutations.ts';
import { derLength, type DerNode, longLength, nodesOf, readTree, writeTree } from './der-tree.ts';

/**
 * A change of one value in a DER encoding; the lengths of its parents are updated. `node` is an index of the values,
 * parents first, modulo their number.
 */
export type DerMutation =
  | { readonly der: 'remove'; readonly node: number }
  | { readonly der: 'repeat'; readonly node: number }
  | { readonly der: 'tag'; readonly node: number; readonly tag: number }
  | { readonly der: 'wrap'; readonly node: number; readonly tag: number }
  | { readonly der: 'empty'; readonly node: number }
  | { readonly der: 'reverse'; readonly node: number }
  | { readonly der: 'content'; readonly node: number; readonly change: ByteMutation }
  /** A wrong length; the parents have the right length. */
  | { readonly der: 'length'; readonly node: number; readonly more: number }
  /** The right length in a BER form. */
  | { readonly der: 'long'; readonly node: number; readonly zeros: number }
  | { readonly der: 'indefinite'; readonly node: number }
  /** Replaces a value with a copy of another one, from the same encoding or another one of its kind. */
  | { readonly der: 'graft'; readonly node: number; readonly from: number; readonly other: boolean };

const node = fc.nat(2_000);
const tag = fc.oneof(
  fc.constantFrom(
    0x01,
    0x02,
    0x03,
    0x04,
    0x05,
    0x06,
    0x0c,
    0x13,
    0x16,
    0x17,
    0x18,
    0x1e,
    0x30,
    0x31,
    0x80,
    0xa0,
  ),
  fc.nat(255),
);

export const derMutation: fc.Arbitrary<DerMutation> = fc.oneof(
  fc.record({ der: fc.constant('remove'), node }),
  fc.record({ der: fc.constant('repeat'), node }),
  fc.record({ der: fc.constant('tag'), node, tag }),
  fc.record({ der: fc.constant('wrap'), node, tag }),
  fc.record({ der: fc.constant('empty'), node }),
  fc.record({ der: fc.constant('reverse'), node }),
  { weight: 4, arbitrary: fc.record({ der: fc.constant('content'), node, change: byteMutation }) },
  fc.record({ der: fc.constant('length'), node, more: fc.constantFrom(-2, -1, 1, 2, 127, 128, 65_536) }),
  fc.record({ der: fc.constant('long'), node, zeros: fc.nat(3) }),
  fc.record({ der: fc.constant('indefinite'), node }),
  { weight: 3, arbitrary: fc.record({ der: fc.constant('graft'), node, from: node, other: fc.boolean() }) },
);

/**
 * Mutates a DER encoding. Bytes that are not DER stay unchanged.
 *
 * @param other an encoding of the same kind, from which `graft` can copy
 */
export function mutateDer(bytes: Buffer, mutation: DerMutation, other: Buffer): Buffer {
  const root = readTree(bytes);
  if (!root) return bytes;
  const nodes = nodesOf(root);
  const { node: changed, parent } = pick(nodes, mutation.node) ?? { node: root, parent: undefined };
  change(changed, parent?.children, mutation, { own: root, other: readTree(other) ?? root });
  return writeTree(root);
}

function change(
  changed: DerNode,
  siblings: DerNode[] | undefined,
  mutation: DerMutation,
  trees: { readonly own: DerNode; readonly other: DerNode },
): void {
  switch (mutation.der) {
    case 'remove':
      siblings?.splice(siblings.indexOf(changed), 1);
      return;
    case 'repeat':
      siblings?.splice(siblings.indexOf(changed), 0, changed);
      return;
    case 'tag':
      changed.tag = mutation.tag;
      return;
    case 'wrap':
      replaceNode(changed, {
        tag: mutation.tag,
        prefix: Buffer.of(),
        content: Buffer.of(),
        children: [{ ...changed }],
      });
      return;
    case 'empty':
      replaceNode(changed, { ...changed, content: Buffer.of(), children: undefined });
      return;
    case 'reverse':
      changed.children?.reverse();
      return;
    case 'content': {
      const content = changed.children ? Buffer.concat(changed.children.map(writeTree)) : changed.content;
      changed.content = mutateBytes(content, mutation.change, Buffer.from(content).reverse());
      changed.children = undefined;
      return;
    }
    case 'length':
      changed.length = (actual) => derLength(Math.max(0, actual + mutation.more));
      return;
    case 'long':
      changed.length = (actual) => longLength(actual, mutation.zeros);
      return;
    case 'indefinite':
      changed.length = () => Buffer.of(0x80);
      changed.children?.push({ tag: 0, prefix: Buffer.of(), content: Buffer.of(), children: undefined });
      return;
    case 'graft': {
      const from = pick(nodesOf(mutation.other ? trees.other : trees.own), mutation.from);
      if (from) replaceNode(changed, copyOf(from.node));
    }
  }
}

function copyOf({ children, ...node }: DerNode): DerNode {
  return { ...node, children: children?.map(copyOf) };
}

function replaceNode(node: DerNode, other: DerNode): void {
  Object.assign(node, other);
}

function pick<T>(list: readonly T[], index: number): T | undefined {
  return list[index % list.length];
}
