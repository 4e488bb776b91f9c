import type { Exchange } from './exchanges.ts';

/** Added by the library, and without meaning for the exchange. */
const LEFT_OUT = new Set(['user-agent', 'accept']);

/** The command that sends the same request. */
export function curlOf({ method, url, headers, body }: Exchange): string {
  const parts = [
    method === 'GET' || body !== undefined ? 'curl' : `curl -X ${method}`,
    quoted(url),
    ...headers
      .filter(
        ([name]) =>
          !LEFT_OUT.has(name.toLowerCase()) && !(body !== undefined && name.toLowerCase() === 'content-type'),
      )
      .map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(body === undefined ? [] : body.split('&').map((pair) => `-d ${quoted(pair)}`)),
  ];
  return `${parts[0] ?? ''} ${parts.slice(1).join(' \\\n  ')}`;
}

/** For a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
