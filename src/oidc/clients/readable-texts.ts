import type { z } from 'zod';
import { invisibleIn } from '../../invisible-characters.ts';

/**
 * Refinement of given metadata: every text shows what it says. A name, or the text in the app, would otherwise look like another
 * one. Clients that were registered before keep their texts.
 */
export function refineTexts(metadata: object, context: z.core.$RefinementCtx): void {
  for (const [path, text] of textsIn(metadata)) {
    const found = invisibleIn(text);
    if (found !== undefined)
      context.addIssue({ code: 'custom', path, message: `has an invisible character, ${found}: remove it` });
  }
}

type Path = (string | number)[];

/** The texts of a JSON value, with the paths to them. */
function textsIn(value: unknown, path: Path = []): (readonly [Path, string])[] {
  if (typeof value === 'string') return [[path, value]];
  if (Array.isArray(value)) return value.flatMap((item, index) => textsIn(item, [...path, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => textsIn(member, [...path, name]));
}
