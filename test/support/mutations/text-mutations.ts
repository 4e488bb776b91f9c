import fc from 'fast-check';

/** A change of a text. Positions are taken modulo its length. */
export type TextMutation =
  | { readonly text: 'put'; readonly at: number; readonly put: string }
  | { readonly text: 'replace'; readonly at: number; readonly put: string }
  | { readonly text: 'take'; readonly at: number; readonly count: number }
  | { readonly text: 'repeat'; readonly at: number; readonly count: number }
  | { readonly text: 'case'; readonly at: number }
  | { readonly text: 'cut'; readonly at: number }
  | { readonly text: 'lookalike' };

/** Characters that make texts look equal, split a field in two, or make parsers disagree about the end of a text. */
const ODD = [
  ' ',
  '\n',
  '\t',
  '\0',
  '|',
  '=',
  '-',
  '_',
  '+',
  '/',
  '"',
  '\\',
  '\u00a0',
  '\u200b',
  '\ufeff',
  '\u0301',
];
const odder = fc.constantFrom(...ODD, '\u202e', '\ud800', 'é', 'Ａ', '０', '\u{1f600}');
const put = fc.oneof(
  odder,
  fc.string({ minLength: 1, maxLength: 8 }),
  fc.constantFrom('0', '1', 'A', 'a', '{', '[', ','),
);
const at = fc.nat();
const count = fc.integer({ min: 1, max: 12 });

export const textMutation: fc.Arbitrary<TextMutation> = fc.oneof(
  fc.record({ text: fc.constant('put'), at, put }),
  fc.record({ text: fc.constant('replace'), at, put }),
  fc.record({ text: fc.constant('take'), at, count }),
  fc.record({ text: fc.constant('repeat'), at, count }),
  fc.record({ text: fc.constant('case'), at }),
  fc.record({ text: fc.constant('cut'), at }),
  fc.record({ text: fc.constant('lookalike') }),
);

export function mutateText(text: string, mutation: TextMutation): string {
  const at = 'at' in mutation ? mutation.at % Math.max(text.length, 1) : 0;
  const [before, after] = [text.slice(0, at), text.slice(at)];
  switch (mutation.text) {
    case 'put':
      return before + mutation.put + after;
    case 'replace':
      return before + mutation.put + after.slice(mutation.put.length);
    case 'take':
      return before + after.slice(mutation.count);
    case 'repeat':
      return before + after.slice(0, mutation.count) + after;
    case 'case':
      return before + otherCase(after.slice(0, 1)) + after.slice(1);
    case 'cut':
      return before;
    case 'lookalike':
      return text.replaceAll(/[AEOPCHKMTXaeopcxy]/g, (letter) => LOOKALIKES[letter] ?? letter);
  }
}

function otherCase(letter: string): string {
  return letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase();
}

/** Latin letters and Cyrillic letters that look the same. */
const LOOKALIKES: Readonly<Record<string, string>> = Object.fromEntries(
  Array.from('AEOPCHKMTXaeopcxy').map((letter, index) => [letter, 'АЕОРСНКМТХаеорсху'[index] ?? '']),
);
