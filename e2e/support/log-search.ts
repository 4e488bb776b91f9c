/** A line of the log, read. */
export type LogLine = Readonly<Record<string, unknown>>;

/** Something that no log line may carry, and what it is. */
export interface Planted {
  readonly what: string;
  readonly value: string;
}

/** The log's lines, and what else the process wrote. */
export function readLog(output: string): {
  readonly lines: readonly LogLine[];
  readonly rest: readonly string[];
} {
  const written = output.split('\n').filter((line) => line.trim() !== '');
  const isLine = (line: string) => line.startsWith('{');
  return {
    lines: written.filter(isLine).map((line) => JSON.parse(line) as LogLine),
    rest: written.filter((line) => !isLine(line)),
  };
}

/** Members whose values Sild makes up itself. They are checked for their shape, since digits in them mean nothing. */
const SHAPES: Readonly<Record<string, RegExp>> = {
  time: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
  attempt: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  person: /^[0-9a-f]{16}$/,
  address: /^[0-9a-f]{16}$/,
  head: /^\d+\.[\w-]{43}$/,
  key: /^[\w-]{43}$/,
  request: /^[0-9A-HJKMNP-TV-Z]{8}$/,
  instance: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  hash: /^[\w-]{43}$/,
  keyId: /^[0-9a-f]{8}$/,
  position: /^\d+$/,
  number: /^\d+$/,
  milliseconds: /^\d+$/,
};

/** Every place of the lines where one of the secrets stands, in whatever form it can be written. */
export function findSecrets(lines: readonly unknown[], secrets: readonly Planted[]): string[] {
  const texts = lines.flatMap((line) => textsOf(line));
  return secrets.flatMap(({ what, value }) => {
    const patterns = formsOf(value).map(
      // Short ones, as four digits are, count where they stand alone.
      (form) => new RegExp(form.length < 6 ? `(?<![\\w.])${escape(form)}(?![\\w.])` : escape(form), 'i'),
    );
    return texts
      .filter((text) => patterns.some((pattern) => pattern.test(text)))
      .map((text) => `${what} stands in: ${text.slice(0, 300)}`);
  });
}

function textsOf(value: unknown, name = ''): string[] {
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, member]) => [key, ...textsOf(member, key)]);
  }
  const text = String(value);
  return SHAPES[name]?.test(text) ? [] : [text];
}

function formsOf(value: string): string[] {
  const base64 = Buffer.from(value).toString('base64');
  return [...new Set([value, encodeURIComponent(value), base64, Buffer.from(value).toString('hex')])];
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
