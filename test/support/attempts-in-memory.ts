import { type Attempt, isLive } from '../../src/login/attempt.ts';
import type { AttemptStore } from '../../src/login/attempt-store.ts';

/** An AttemptStore in memory, for tests of its callers. The real one has its own suite. */
export function attemptsInMemory(): AttemptStore & { readonly all: Attempt[] } {
  const all: Attempt[] = [];
  const ofInteraction = (uid: string) => all.filter(({ interactionUid }) => interactionUid === uid);
  return {
    all,
    async add(attempt) {
      const live = ofInteraction(attempt.interactionUid).find(isLive);
      if (live) return live;
      all.push(attempt);
      return attempt;
    },
    async putRefused(attempt) {
      const index = all.findIndex(({ id }) => id === attempt.id);
      if (index >= 0) all.splice(index, 1);
      all.push(attempt);
      return ofInteraction(attempt.interactionUid).find(isLive) ?? attempt;
    },
    async find(id) {
      return all.find((attempt) => attempt.id === id);
    },
    async latest(interactionUid) {
      const attempts = ofInteraction(interactionUid);
      return attempts.find(isLive) ?? attempts.at(-1);
    },
    async list(interactionUid) {
      return ofInteraction(interactionUid);
    },
    async removeConfirmed(identifier) {
      const kept = all.filter((each) => each.state !== 'authenticated' || each.identifier !== identifier);
      const removed = all.length - kept.length;
      all.splice(0, all.length, ...kept);
      return removed;
    },
    async findByCallback(callbackHash) {
      return all.find((attempt) => 'callbackHash' in attempt && attempt.callbackHash === callbackHash);
    },
    async replace(previous, next) {
      const index = all.findIndex(({ id, state }) => id === previous.id && state === previous.state);
      if (index < 0) return false;
      all[index] = next;
      return true;
    },
    async removeCreatedBefore(time, only) {
      const kept = all.filter(({ createdAt, state }) => createdAt >= time || (only ?? state) !== state);
      return all.splice(0, all.length, ...kept).length - kept.length;
    },
  };
}
