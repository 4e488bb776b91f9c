import fc from 'fast-check';

/** Another serialisation of the same JSON. */
export type Serialisation =
  | { readonly json: 'spaced'; readonly space: string }
  | { readonly json: 'reversed' }
  | { readonly json: 'escaped' }
  /** Adds a member that SK's documentation does not have. */
  | { readonly json: 'added'; readonly name: string; readonly value: fc.JsonValue };

export const serialisation: fc.Arbitrary<Serialisation> = fc.oneof(
  fc.record({ json: fc.constant('spaced'), space: fc.constantFrom(' ', '\n', '\t', '\r\n') }),
  fc.record({ json: fc.constant('reversed') }),
  fc.record({ json: fc.constant('escaped') }),
  fc.record({
    json: fc.constant('added'),
    name: fc.constantFrom(
      'ignoredProperties',
      'deviceIpAddress',
      'nonce',
      '__proto__',
      'constructor',
      'toString',
      '',
    ),
    value: fc.jsonValue({ maxDepth: 3 }),
  }),
);

export function reserialised(body: string, serialisation: Serialisation): string {
  switch (serialisation.json) {
    case 'spaced':
      return serialisation.space + JSON.stringify(JSON.parse(body), null, serialisation.space);
    case 'reversed':
      return JSON.stringify(reversed(JSON.parse(body)));
    case 'escaped':
      return body.replaceAll(/[A-Z](?=[a-z]*")/g, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`);
    case 'added':
      return body.replace(
        /^\s*{/,
        () => `{${JSON.stringify(serialisation.name)}:${JSON.stringify(serialisation.value)},`,
      );
  }
}

function reversed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([name, member]) => [name, reversed(member)]),
  );
}
