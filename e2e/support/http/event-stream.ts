/** The server-sent events of a waiting page. */
import type { HttpBrowser } from '../../../test/support/servers/http-browser.ts';

export interface StateEvent {
  readonly state: string;
  readonly secondsLeft: number;
  readonly link?: string;
}

export interface EventStream {
  readonly events: readonly StateEvent[];
  /** The raw text received so far. */
  text(): string;
  /** Resolves with the first matching event, including earlier ones. Rejects if the stream ends without one. */
  until(matches: (event: StateEvent) => boolean): Promise<StateEvent>;
  close(): void;
  /** Resolves when the stream has ended. */
  readonly ended: Promise<void>;
}

export async function listenTo(browser: HttpBrowser, address: URL): Promise<EventStream> {
  const connection = new AbortController();
  const pairs = Object.entries(browser.cookiesFor(address)).map(([name, value]) => `${name}=${value}`);
  const response = await fetch(address, {
    headers: { accept: 'text/event-stream', cookie: pairs.join('; ') },
    signal: connection.signal,
  });
  if (response.status !== 200 || !response.body)
    throw new Error(`the event stream responded with ${response.status}`);
  const events: StateEvent[] = [];
  const watchers = new Set<() => void>();
  const notify = () => {
    for (const watcher of watchers) watcher();
  };
  let text = '';
  let hasEnded = false;
  const ended = read(response.body).finally(() => {
    hasEnded = true;
    notify();
  });

  return {
    events,
    text: () => text,
    until: (matches) =>
      new Promise((resolve, reject) => {
        const check = () => {
          const event = events.find(matches);
          if (event) resolve(event);
          else if (hasEnded) reject(new Error(`the events ended after: ${text}`));
          else return;
          watchers.delete(check);
        };
        watchers.add(check);
        check();
      }),
    close: () => {
      connection.abort();
    },
    ended,
  };

  async function read(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    let rest = '';
    try {
      for await (const bytes of body) {
        const chunk = decoder.decode(bytes, { stream: true });
        text += chunk;
        const messages = (rest + chunk).split('\n\n');
        rest = messages.pop() ?? '';
        for (const message of messages) {
          const data = /^data: (.*)$/m.exec(message)?.[1];
          if (data !== undefined) events.push(JSON.parse(data) as StateEvent);
        }
        notify();
      }
    } catch (error) {
      if (!connection.signal.aborted) throw error;
    }
  }
}
