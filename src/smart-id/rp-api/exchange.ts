import type { SmartIdExchange } from '../../metrics/metrics.ts';
import type { RpApi } from './endpoint.ts';
import { exchangeJson, type HttpResponse, type HttpRequest, TransportError } from './http.ts';

/**
 * `exchangeJson` with the RP API. Reports the outcome (`2xx`, an error code) and the duration to `observe`.
 *
 * @throws TransportError
 */
export async function exchange(
  { dispatcher, observe }: RpApi,
  endpoint: SmartIdExchange['endpoint'],
  sent: HttpRequest,
): Promise<HttpResponse> {
  const startedAt = performance.now();
  const report = (outcome: string) => {
    observe?.({ endpoint, outcome, seconds: (performance.now() - startedAt) / 1000 });
  };
  try {
    const answer = await exchangeJson(dispatcher, sent);
    report(`${Math.floor(answer.status / 100)}xx`);
    return answer;
  } catch (error) {
    report(error instanceof TransportError ? error.code : 'error');
    throw error;
  }
}
