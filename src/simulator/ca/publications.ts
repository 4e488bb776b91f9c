/**
 * The documents to which the simulator's certificates point: the issuer's certificate, its CRL and its OCSP responder. The
 * behaviour of the latter two is configurable (revocation.ts).
 */
import Router, { type RouterContext } from '@koa/router';
import { setTimeout as delay } from 'node:timers/promises';
import type { CertificateAuthority } from './certificate-authority.ts';
import type { IssuedCertificates } from './issued-certificates.ts';
import { createOcspResponder } from './ocsp-responder.ts';
import type { Delays } from '../delays.ts';
import { Problem } from '../problem.ts';
import type { Defect } from './publishing-authority.ts';
import type { Behaviour, Revocation } from './revocation.ts';
import { revocationList } from './revocation-list.ts';

export interface PublicationsOptions {
  readonly authority: CertificateAuthority;
  readonly issued: IssuedCertificates;
  readonly revocation: Revocation;
  /** The delay of a slow response. */
  readonly delays: Delays;
  readonly now: () => Date;
  /** Aborts when the service closes. */
  readonly closing: AbortSignal;
}

const MAX_REQUEST_BYTES = 8 * 1024;

export function publicationRoutes(options: PublicationsOptions): Router {
  const { authority, revocation } = options;
  const router = new Router();
  for (const [slug, issuer] of [
    ['root', authority.root],
    ['eid-q', authority.issuing.QUALIFIED],
    ['eid-nq', authority.issuing.ADVANCED],
  ] as const) {
    const publishing = { ...options, slug, issuer };
    const responder = createOcspResponder(publishing);

    router.get(`/ca/${slug}.der.crt`, (ctx) => {
      ctx.type = 'application/pkix-cert';
      ctx.body = Buffer.from(issuer.certificate.rawData);
    });
    router.get(`/ca/${slug}.crl`, async (ctx) => {
      await answerAs(ctx, revocation.settings.crl, options, async (defect) => {
        ctx.type = 'application/pkix-crl';
        ctx.body = await revocationList(publishing, defect);
      });
    });
    const answer = async (ctx: RouterContext, request: Uint8Array) => {
      await answerAs(ctx, revocation.settings.ocsp, options, async (defect) => {
        ctx.type = 'application/ocsp-response';
        ctx.body = await responder.answer(request, defect);
      });
    };
    router.post(`/ocsp/${slug}`, async (ctx) => {
      if (!ctx.is('application/ocsp-request')) throw new Problem(415);
      await answer(ctx, await readBody(ctx));
    });
    // RFC 6960 A.1: the request is in the URL, in Base64.
    router.get(`/ocsp/${slug}/{*request}`, async (ctx) => {
      await answer(ctx, Buffer.from(ctx.params.request ?? '', 'base64'));
    });
  }
  return router;
}

async function answerAs(
  ctx: RouterContext,
  behaviour: Behaviour,
  { delays, closing }: PublicationsOptions,
  answer: (defect: Defect) => Promise<void>,
): Promise<void> {
  // The settings may change at any time.
  ctx.set('cache-control', 'no-store');
  switch (behaviour) {
    case 'answers':
      await answer(undefined);
      return;
    case 'slow':
      await delay(delays.slowMs, undefined, { signal: closing, ref: false }).catch(() => undefined);
      await answer(undefined);
      return;
    case 'stale':
    case 'wrong-key':
      await answer(behaviour);
      return;
    case 'silent':
      await untilDisconnected(ctx, closing);
      ctx.respond = false;
      ctx.status = 204;
      ctx.res.destroy();
  }
}

/** Resolves when the client disconnects or the service closes. */
async function untilDisconnected({ res }: RouterContext, closing: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const release = () => {
      closing.removeEventListener('abort', release);
      resolve();
    };
    res.once('close', release);
    closing.addEventListener('abort', release);
    if (closing.aborted || res.destroyed) release();
  });
}

async function readBody({ req }: RouterContext): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_REQUEST_BYTES) throw new Problem(413);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
