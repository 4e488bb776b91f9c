import type { ResolvedAddress } from '../../src/http/guarded-addresses.ts';

/** Resolves host names to the given answers, one after the other; further calls get the last answer. */
export function resolver(...answers: readonly (readonly string[])[]) {
  const asked: string[] = [];
  return {
    asked,
    resolve: async (hostname: string): Promise<ResolvedAddress[]> => {
      const answer = answers[Math.min(asked.length, answers.length - 1)] ?? [];
      asked.push(hostname);
      return answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    },
  };
}
