import type { SmartIdExchange } from '../../metrics/metrics.ts';
import type { RpApi } from './endpoint.ts';
import { exchangeJson, type HttpAnswer, type HttpRequest, TransportError } from './http.ts';

/**
 * `exchangeJson` with the RP API; `observe` is called with its outcome and duration.
 *
 * @throws TransportError
 */
export async function exchange(
  { dispatcher, observe }: RpApi,
  endpoint: SmartIdExchange['endpoint'],
  sent: HttpRequest,
): Promise<HttpAnswer> {
  const begun = performance.now();
  const ended = (outcome: string) => {
    observe?.({ endpoint, outcome, seconds: (performance.now() - begun) / 1000 });
  };
  try {
    const answer = await exchangeJson(dispatcher, sent);
    ended(`${Math.floor(answer.status / 100)}xx`);
    return answer;
  } catch (error) {
    ended(error instanceof TransportError ? error.code : 'error');
    throw error;
  }
}
