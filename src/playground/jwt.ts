export interface DecodedJwt {
  readonly header: unknown;
  readonly payload: unknown;
}

/** Header and payload of a signed JWT, without verification. @returns undefined if it is none */
export function decodeJwt(text: string): DecodedJwt | undefined {
  const [header, payload, signature, ...rest] = text.split('.');
  if (header === undefined || payload === undefined || signature === undefined || rest.length > 0)
    return undefined;
  try {
    return { header: decoded(header), payload: decoded(payload) };
  } catch {
    return undefined;
  }
}

function decoded(part: string): unknown {
  return JSON.parse(Buffer.from(part, 'base64url').toString());
}
