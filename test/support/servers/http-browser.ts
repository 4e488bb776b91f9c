/** A minimal HTTP browser: stores cookies by path, follows redirects, posts forms. Only for localhost. */
export interface HttpBrowser {
  get(url: string | URL): Promise<HttpPage>;
  post(url: string | URL, fields: Readonly<Record<string, string>>): Promise<HttpPage>;
  /** The cookies that it would send to an address, by name. */
  cookiesFor(url: string | URL): Readonly<Record<string, string>>;
  setCookie(line: string, url: string | URL): void;
  /** Every cookie that it ever received, including deleted ones. */
  cookiesEver(): readonly { readonly name: string; readonly value: string }[];
}

export interface HttpPage {
  /** The final URL after redirects, or the redirect at which `stopAt` stopped. */
  readonly url: URL;
  /** All URLs of the redirect chain, including `url`. */
  readonly way: readonly URL[];
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export interface HttpBrowserOptions {
  /** Does not follow redirects to matching addresses; the page is the redirect itself. */
  readonly stopAt?: (url: URL) => boolean;
  /** Sends one request; the global `fetch` by default. */
  readonly fetch?: (url: URL, init: RequestInit & { readonly headers: Headers }) => Promise<Response>;
}

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
}

const MAX_REDIRECTS = 20;

export function createHttpBrowser({
  stopAt = () => false,
  fetch: send = fetch,
}: HttpBrowserOptions = {}): HttpBrowser {
  let cookies: Cookie[] = [];
  const ever: Cookie[] = [];

  return {
    get: (url) => go(new URL(url), { method: 'GET' }),
    post: (url, fields) =>
      go(new URL(url), {
        method: 'POST',
        body: new URLSearchParams(fields),
        headers: { origin: new URL(url).origin },
      }),
    cookiesFor,
    setCookie: (line, url) => {
      keep(line, new URL(url));
    },
    cookiesEver: () => ever,
  };

  async function go(first: URL, request: RequestInit): Promise<HttpPage> {
    const way = [first];
    let init = request;
    for (let url = first; ; url = way.at(-1) ?? url) {
      const response = await send(url, { ...init, redirect: 'manual', headers: headersFor(url, init) });
      for (const line of response.headers.getSetCookie()) keep(line, url);
      const location = response.headers.get('location');
      if (location === null || response.status < 300 || response.status > 399) {
        return { url, way, status: response.status, headers: response.headers, text: await response.text() };
      }
      await response.arrayBuffer();
      if (way.length > MAX_REDIRECTS) throw new Error(`too many redirects, the last one to ${location}`);
      const next = new URL(location, url);
      way.push(next);
      if (stopAt(next)) {
        return { url: next, way, status: response.status, headers: response.headers, text: '' };
      }
      init = { method: 'GET' };
    }
  }

  function headersFor(url: URL, init: RequestInit): Headers {
    const headers = new Headers(init.headers);
    headers.set('accept', 'text/html');
    const pairs = Object.entries(cookiesFor(url)).map(([name, value]) => `${name}=${value}`);
    if (pairs.length > 0) headers.set('cookie', pairs.join('; '));
    return headers;
  }

  function cookiesFor(url: string | URL): Record<string, string> {
    const { pathname } = new URL(url);
    return Object.fromEntries(
      cookies.filter(({ path }) => covers(path, pathname)).map(({ name, value }) => [name, value]),
    );
  }

  function keep(line: string, url: URL): void {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    const [name = '', ...value] = pair.split('=');
    const attribute = (wanted: string) =>
      attributes.find((part) => part.toLowerCase().startsWith(`${wanted}=`))?.slice(wanted.length + 1);
    const path = attribute('path') ?? '/';
    const expires = attribute('expires');
    const gone = attribute('max-age') === '0' || (expires !== undefined && Date.parse(expires) <= Date.now());
    cookies = cookies.filter((cookie) => cookie.name !== name || cookie.path !== path);
    if (gone) return;
    const cookie = { name, value: value.join('='), path: path === '' ? url.pathname : path };
    cookies.push(cookie);
    ever.push(cookie);
  }
}

function covers(cookiePath: string, path: string): boolean {
  if (cookiePath === path) return true;
  return path.startsWith(cookiePath.endsWith('/') ? cookiePath : `${cookiePath}/`);
}
