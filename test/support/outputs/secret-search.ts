/** Searches texts for secrets in all common encodings. */

export interface Secret {
  readonly what: string;
  readonly value: string;
}

/** The number of characters of a secret to search for, since a text may be truncated. */
const PART = 14;

/** The secrets found in the texts, with their place. */
export function findSecrets(texts: Iterable<string>, secrets: Iterable<Secret>): string[] {
  const wanted = [...secrets].map(({ what, value }) => ({ what, spellings: spellingsOf(value) }));
  const found: string[] = [];
  for (const text of new Set(texts)) {
    const forms = [text, withoutEntities(text)].map((form) => form.toLowerCase());
    for (const { what, spellings } of wanted) {
      const spelling = spellings.find((part) => forms.some((form) => form.includes(part)));
      if (spelling !== undefined) found.push(`${what} found as ${spelling}… in: ${text.slice(0, 200)}`);
    }
  }
  return found;
}

/** The first characters of each encoding of a secret, in lower case. */
function spellingsOf(value: string): string[] {
  const written = [value, encodeURIComponent(value), ...bytesOf(value).flatMap(encodingsOf)];
  return [...new Set(written.map((text) => text.slice(0, PART).toLowerCase()))].filter(
    (text) => text.length === PART,
  );
}

/** The text itself, and its decoded bytes if it is Base64, Base64url or a UUID. */
function bytesOf(value: string): Buffer[] {
  const hex = value.replaceAll('-', '');
  return [
    Buffer.from(value),
    ...(/^[\w+/-]{16,}={0,2}$/.test(value) ? [Buffer.from(value, 'base64')] : []),
    ...(/^[0-9a-f]{32}$/i.test(hex) ? [Buffer.from(hex, 'hex'), Buffer.from(hex)] : []),
  ];
}

function encodingsOf(bytes: Buffer): string[] {
  // Within a longer text, Base64 has three possible alignments; omit the character shared with the preceding bytes.
  const base64 = [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    return encoded.slice(before === 0 ? 0 : before + 1);
  });
  return [
    bytes.toString('hex'),
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
    ...base64.map((text) => encodeURIComponent(text)),
  ];
}

/** Decodes HTML entities. */
function withoutEntities(text: string): string {
  return text
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replace(/&#x([0-9a-f]+);/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
    .replaceAll('&amp;', '&');
}
