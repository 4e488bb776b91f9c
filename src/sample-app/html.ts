/** Escaped HTML that can be inserted into other HTML. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** HTML from a template literal. Values that are not `Html` are escaped. */
export function html(
  strings: TemplateStringsArray,
  ...values: readonly (string | Html | readonly Html[])[]
): Html {
  const texts = values.map((value) =>
    typeof value === 'string'
      ? escape(value)
      : value instanceof Html
        ? value.text
        : value.map(({ text }) => text).join(''),
  );
  return new Html(String.raw({ raw: strings }, ...texts));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
