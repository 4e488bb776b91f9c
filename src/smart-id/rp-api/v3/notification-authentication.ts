import { z } from 'zod';
import type { AuthenticationSession } from '../../authentication.ts';
import { type Failure, failureFromCreationStatus } from '../../outcome.ts';
import { endpoint, type RpApi } from '../endpoint.ts';
import { exchangeJson, type HttpAnswer, TransportError } from '../http.ts';
import { readProblem } from './problem.ts';

/** Smart-ID tells the push's arrival fast; an attempt to start is given up before the person does. */
const ANSWER_MS = 15_000;

/** SK's schema says UUID, and nothing else is put into a URL. */
const createdSchema = z.object({ sessionID: z.guid() });

export type CreatedSession =
  | { readonly kind: 'created'; readonly sessionId: string }
  | { readonly kind: 'failed'; readonly failure: Failure };

/**
 * Asks Smart-ID to authenticate a person by a push: one request, whatever happens to it. A second one would make the
 * phone ring twice, and make the person used to that. (RP API 3.2, Notification based flows)
 *
 * @param identifier semantics identifier of the person, e.g. `PNOEE-47101010033`
 */
export async function createNotificationAuthentication(
  api: RpApi,
  relyingPartyUuid: string,
  session: Omit<AuthenticationSession, 'sessionId'>,
  identifier: string,
): Promise<CreatedSession> {
  const url = endpoint(api, 'authentication', 'notification', 'etsi', identifier);
  const body = notificationAuthenticationBody(relyingPartyUuid, session);
  try {
    return readCreated(
      await exchangeJson(api.dispatcher, { method: 'POST', url, body, answerMs: ANSWER_MS }),
    );
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    return { kind: 'failed', failure: failureFromTransport(error) };
  }
}

function notificationAuthenticationBody(
  relyingPartyUUID: string,
  session: Omit<AuthenticationSession, 'sessionId'>,
) {
  return {
    relyingPartyUUID,
    relyingPartyName: session.relyingPartyName,
    certificateLevel: session.certificateLevel,
    signatureProtocol: 'ACSP_V2',
    signatureProtocolParameters: {
      rpChallenge: session.rpChallenge,
      signatureAlgorithm: 'rsassa-pss',
      signatureAlgorithmParameters: { hashAlgorithm: session.hashAlgorithm },
    },
    interactions: session.interactions,
    vcType: 'numeric4',
  };
}

function readCreated({ status, body }: HttpAnswer): CreatedSession {
  if (status !== 200)
    return { kind: 'failed', failure: failureFromCreationStatus(status, readProblem(body)) };
  const created = createdSchema.safeParse(body);
  return created.success
    ? { kind: 'created', sessionId: created.data.sessionID }
    : { kind: 'failed', failure: { code: 'response_malformed', detail: 'HTTP 200 without a sessionID' } };
}

function failureFromTransport(error: TransportError): Failure {
  const malformed = error.code === 'body_not_json' || error.code === 'body_too_large';
  return { code: malformed ? 'response_malformed' : 'service_failed', detail: error.message };
}
