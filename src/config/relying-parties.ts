/** The names under which SK has registered the relying party. */
import { z } from 'zod';

/** SK's limit, in bytes of UTF-8. */
const NAME_BYTES = 32;

/** A relyingPartyName, exactly as registered with SK. */
export const relyingPartyName = z
  .string()
  .min(1)
  .refine((value) => Buffer.byteLength(value) <= NAME_BYTES, `must be at most ${NAME_BYTES} bytes of UTF-8`);

export interface RegisteredName {
  readonly name: string;
  /** The brokered name that is registered beside it. */
  readonly brokeredName?: string | undefined;
}

/** `NAME; NAME=BROKERED NAME`. A name may have a comma, as those of companies do. */
export function relyingPartyNames(): z.ZodType<readonly RegisteredName[]> {
  return z
    .string()
    .transform((text) => text.split(';').map(registeredName))
    .pipe(
      z
        .array(z.object({ name: relyingPartyName, brokeredName: relyingPartyName.optional() }))
        .refine(
          (list) => new Set(list.map(({ name }) => name)).size === list.length,
          'must have each name once',
        ),
    );
}

function registeredName(text: string): RegisteredName {
  const [name = '', ...brokered] = text.split('=');
  return brokered.length === 0
    ? { name: name.trim() }
    : { name: name.trim(), brokeredName: brokered.join('=').trim() };
}

/** The default one first; SMARTID_RP_NAMES may repeat it, to give it a brokered name. */
export function allRelyingParties(
  defaultName: string,
  more: readonly RegisteredName[],
): readonly [RegisteredName, ...RegisteredName[]] {
  const own = more.find(({ name }) => name === defaultName) ?? { name: defaultName };
  return [own, ...more.filter((each) => each !== own)];
}
