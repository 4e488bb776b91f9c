/** Server-sent events of a waiting page, as they come. */
import type { HttpBrowser } from '../../../test/support/servers/http-browser.ts';

export interface StateEvent {
  readonly state: string;
  readonly secondsLeft: number;
  readonly link?: string;
}

export interface EventStream {
  readonly events: readonly StateEvent[];
  /** All that has come so far, as it came. */
  text(): string;
  /** Resolves with the first event, of those that came already too, that is as asked; rejects when the stream ends before. */
  until(isWanted: (event: StateEvent) => boolean): Promise<StateEvent>;
  close(): void;
  /** Resolves when the stream has ended. */
  readonly ended: Promise<void>;
}

export async function listenTo(browser: HttpBrowser, address: URL): Promise<EventStream> {
  const leave = new AbortController();
  const pairs = Object.entries(browser.cookiesFor(address)).map(([name, value]) => `${name}=${value}`);
  const response = await fetch(address, {
    headers: { accept: 'text/event-stream', cookie: pairs.join('; ') },
    signal: leave.signal,
  });
  if (response.status !== 200 || !response.body) throw new Error(`the events answer ${response.status}`);
  const events: StateEvent[] = [];
  const watchers = new Set<() => void>();
  const wake = () => {
    for (const watcher of watchers) watcher();
  };
  let text = '';
  let over = false;
  const ended = read(response.body).finally(() => {
    over = true;
    wake();
  });

  return {
    events,
    text: () => text,
    until: (isWanted) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const event = events.find(isWanted);
          if (event) resolve(event);
          else if (over) reject(new Error(`the events ended after: ${text}`));
          else return;
          watchers.delete(look);
        };
        watchers.add(look);
        look();
      }),
    close: () => {
      leave.abort();
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
        wake();
      }
    } catch (error) {
      if (!leave.signal.aborted) throw error;
    }
  }
}
