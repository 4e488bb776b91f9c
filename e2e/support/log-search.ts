/** A parsed line of the log. */
export type LogLine = Readonly<Record<string, unknown>>;

/** A value that no log line may contain, and its kind. */
export interface Secret {
  readonly what: string;
  readonly value: string;
}

/** Splits the output of the process into log lines and other text. */
export function readLog(output: string): {
  readonly lines: readonly LogLine[];
  readonly rest: readonly string[];
} {
  const nonEmpty = output.split('\n').filter((line) => line.trim() !== '');
  const isLine = (line: string) => line.startsWith('{');
  return {
    lines: nonEmpty.filter(isLine).map((line) => JSON.parse(line) as LogLine),
    rest: nonEmpty.filter((line) => !isLine(line)),
  };
}

/** Members with generated values. Their format is checked instead, since random digits may equal a short secret. */
const GENERATED: Readonly<Record<string, RegExp>> = {
  time: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
  attempt: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  person: /^[0-9a-f]{16}$/,
  address: /^[0-9a-f]{16}$/,
  head: /^\d+\.[\w-]{43}$/,
  key: /^[\w-]{43}$/,
  request: /^[2-9A-HJ-NP-TV-Z]{4}-[2-9A-HJ-NP-TV-Z]{4}$/,
  reference: /^[2-9A-HJ-NP-TV-Z]{4}-[2-9A-HJ-NP-TV-Z]{4}$/,
  instance: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  hash: /^[\w-]{43}$/,
  keyId: /^[0-9a-f]{8}$/,
  position: /^\d+$/,
  number: /^\d+$/,
  milliseconds: /^\d+$/,
};

/** Finds every occurrence of the secrets in the lines, in every common encoding. */
export function findSecrets(lines: readonly unknown[], secrets: readonly Secret[]): string[] {
  const texts = lines.flatMap((line) => textsOf(line));
  return secrets.flatMap(({ what, value }) => {
    const patterns = formsOf(value).map(
      // A short secret, such as four digits, must not be part of a longer word.
      (form) => new RegExp(form.length < 6 ? `(?<![\\w.])${escape(form)}(?![\\w.])` : escape(form), 'i'),
    );
    return texts
      .filter((text) => patterns.some((pattern) => pattern.test(text)))
      .map((text) => `${what} found in: ${text.slice(0, 300)}`);
  });
}

function textsOf(value: unknown, name = ''): string[] {
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, member]) => [key, ...textsOf(member, key)]);
  }
  const text = String(value);
  return GENERATED[name]?.test(text) ? [] : [text];
}

function formsOf(value: string): string[] {
  const base64 = Buffer.from(value).toString('base64');
  return [...new Set([value, encodeURIComponent(value), base64, Buffer.from(value).toString('hex')])];
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
