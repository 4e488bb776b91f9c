/**
 * One request, as a browser sends it that goes to a page: with `Sec-Fetch-Mode: navigate`. `fetch` always says `cors`, and
 * peers answer that with 401 in place of a redirect to the login.
 */
import { request } from 'node:http';

/** Statuses whose responses have no body. */
const WITHOUT_BODY = [204, 304];

export function navigatingFetch(
  url: URL,
  init: RequestInit & { readonly headers: Headers },
): Promise<Response> {
  const headers = Object.fromEntries(init.headers);
  headers['sec-fetch-mode'] = 'navigate';
  headers['sec-fetch-dest'] = 'document';
  const { method = 'GET', body } = init;
  if (body instanceof URLSearchParams) headers['content-type'] = 'application/x-www-form-urlencoded';
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.once('error', reject);
      answer.once('end', () => {
        const { statusCode: status = 500, headersDistinct } = answer;
        const lines = Object.entries(headersDistinct).flatMap(([name, values = []]) =>
          values.map((value): [string, string] => [name, value]),
        );
        resolve(
          new Response(WITHOUT_BODY.includes(status) ? null : Buffer.concat(chunks), {
            status,
            headers: lines,
          }),
        );
      });
    });
    sent.once('error', reject);
    sent.end(body instanceof URLSearchParams ? body.toString() : undefined);
  });
}
