import type { PluralText } from '../../src/web/messages/messages.ts';

/** A marker that is passed to each text function and searched for in the result. */
export const MARKER = '⟦marker⟧';

export interface Text {
  /** The path in the catalogue; list elements have their index. */
  readonly path: string;
  readonly text: string;
}

/** Every text of a catalogue except its language tag and URLs; functions are called with the marker for each parameter. */
export function textsOf(catalogue: object): Text[] {
  return walk(catalogue, '').filter(({ path }) => path !== 'language' && path !== 'smartIdHelpUrl');
}

function walk(value: unknown, path: string): Text[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (typeof value === 'function')
    return [{ path: `${path}()`, text: String((value as (...values: string[]) => unknown)(MARKER, MARKER)) }];
  if (typeof value !== 'object' || value === null) return [];
  if (isPlural(value)) return [{ path, text: value.other }];
  return Object.entries(value).flatMap(([key, member]) => walk(member, path === '' ? key : `${path}.${key}`));
}

export function isPlural(value: object): value is PluralText {
  return 'other' in value && typeof value.other === 'string';
}
