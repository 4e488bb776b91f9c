/**
 * Certification paths, OCSP responses and revocation lists with one change, each judged by Sild, by OpenSSL's command line, and
 * paths by node:crypto. Where the verdicts differ, test/support/differential/reasons.ts has the reason.
 *
 * `npm test` judges some, `MUTATION_SHARE=1` all. `MUTATION_SEED=random` tries others, `MUTATION_SEED=…` repeats them;
 * `DIFFERENTIAL_ONLY=…` judges only samples whose name contains the text, and prints every verdict.
 */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import fc from 'fast-check';
import { parseCertificate } from '../../src/pki/certificate.ts';
import { PkiError } from '../../src/pki/errors.ts';
import { validatePath } from '../../src/pki/path-validation.ts';
import { isListed, verifyCrl } from '../../src/pki/revocation/crl/crl.ts';
import { RevocationSourceError } from '../../src/pki/revocation/errors.ts';
import { verifyOcspResponse } from '../../src/pki/revocation/ocsp-response.ts';
import { createTrustStore } from '../../src/pki/trust-store.ts';
import {
  nodeOnPath,
  type Objections,
  opensslMissing,
  opensslOnList,
  opensslOnPaths,
  opensslOnResponse,
  type PathSample,
} from '../support/differential/judges.ts';
import { LAXER, type Laxer, STRICTER, type Stricter } from '../support/differential/reasons.ts';
import { seedOfRun } from '../support/mutations/run.ts';
import { type ListOf, type Planned, planOf, type ResponseOf } from '../support/differential/samples.ts';

const { MUTATION_SHARE, DIFFERENTIAL_ONLY } = process.env;
const seed = seedOfRun();
const isFullRun = Number(MUTATION_SHARE ?? 0) >= 1;
/** Random changes of each kind, besides the edits and defects. */
const RANDOM = isFullRun ? 1_400 : 60;
/** Paths and OCSP responses that a full run judges at least. */
const FULL = 5_000;
/** How many samples of each kind a run judges that is not full. */
const SOME = 40;
/** Processes of OpenSSL at a time. */
const WORKERS = 2;

interface Verdicts {
  readonly name: string;
  /** What was judged. */
  readonly der: readonly Buffer[];
  readonly ours: Objections;
  readonly openssl: Objections;
  readonly node: Objections;
}

const missing = opensslMissing();

describe('verdicts of Sild, OpenSSL and node:crypto', { skip: missing }, () => {
  const plan = planOf(seed, RANDOM);
  const used = new Set<Laxer | Stricter>();
  let judged = 0;
  let directory: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'sild-differential-'));
  });
  after(() => rm(directory, { recursive: true, force: true }));

  it('agree about certification paths, or the reason is known', async (test) => {
    const groups = Map.groupBy(samples(plan.paths), ({ anchors, intermediates }) =>
      JSON.stringify([anchors, intermediates].map((list) => list.map((der) => der.toString('base64')))),
    );
    const verdicts = await inParallel([...groups.values()], async (group) => {
      const openssl = await inDirectory((own) => opensslOnPaths(own, group));
      return group.map((sample, index): Verdicts => {
        const der = [sample.certificate, ...sample.intermediates, ...sample.anchors];
        const others = { openssl: openssl[index] ?? ['cannot be read'], node: nodeOnPath(sample) };
        return { name: sample.name, der, ours: oursOnPath(sample), ...others };
      });
    });
    judged += verdicts.flat().length;
    assertExplained(test, verdicts.flat());
  });

  it('agree about OCSP responses, or the reason is known', async (test) => {
    const verdicts = await inParallel(samples(plan.responses), async (sample): Promise<Verdicts> => {
      const ours = oursOnResponse(sample);
      const openssl = await inDirectory((own) => opensslOnResponse(own, sample));
      return { name: sample.name, der: [sample.response], ours, openssl, node: [] };
    });
    judged += verdicts.length;
    assertExplained(test, verdicts);
  });

  it('agree about revocation lists, or the reason is known', async (test) => {
    const verdicts = await inParallel(samples(plan.lists), async (sample): Promise<Verdicts> => {
      const ours = oursOnList(sample);
      const openssl = await inDirectory((own) => opensslOnList(own, sample));
      return { name: sample.name, der: [sample.list], ours, openssl, node: [] };
    });
    assertExplained(test, verdicts);
  });

  it('are of 5,000 paths and OCSP responses', { skip: isFullRun ? false : 'only in a full run' }, () => {
    assert.ok(DIFFERENTIAL_ONLY !== undefined || judged >= FULL, `${judged} judged`);
  });

  it('differ for every listed reason', { skip: isFullRun ? false : 'only in a full run' }, () => {
    const unused = [...LAXER, ...STRICTER].filter((reason) => !used.has(reason));
    assert.deepEqual(unused, []);
  });

  /** A share of the samples, chosen by the seed. */
  function samples<Sample extends { readonly name: string }>(planned: readonly Planned<Sample>[]): Sample[] {
    const chosen =
      isFullRun || DIFFERENTIAL_ONLY !== undefined
        ? planned
        : (fc.sample(fc.shuffledSubarray([...planned], { minLength: SOME, maxLength: SOME }), {
            seed,
            numRuns: 1,
          })[0] ?? []);
    return chosen
      .flatMap((make) => make() ?? [])
      .filter(({ name }) => name.includes(DIFFERENTIAL_ONLY ?? ''));
  }

  function assertExplained(test: TestContext, verdicts: readonly Verdicts[]): void {
    test.diagnostic(`MUTATION_SEED=${seed}`);
    const accepted = verdicts.filter(({ ours }) => ours.length === 0).length;
    test.diagnostic(`${verdicts.length} judged, ${accepted} accepted by Sild`);
    // A run in which nothing is accepted compares nothing.
    if (DIFFERENTIAL_ONLY === undefined) assert.ok(accepted > 0 && accepted < verdicts.length);
    else for (const { name, ours, openssl, node } of verdicts) console.log({ name, ours, openssl, node });
    const unexplained = verdicts.flatMap((verdict) =>
      differences(verdict).map((difference) => ({
        difference,
        name: verdict.name,
        der: verdict.der.map((der) => der.toString('base64')),
      })),
    );
    const kinds = new Map(unexplained.map((one) => [one.difference, one]));
    assert.deepEqual([...kinds.values()], [], `${unexplained.length} differences without a reason`);
  }

  function differences({ der, ours, openssl, node }: Verdicts): string[] {
    if (ours.length === 0) {
      return [
        ...openssl
          .filter((says) => !isLaxerFor('OpenSSL', says, der))
          .map((says) => `laxer, OpenSSL: ${says}`),
        ...node
          .filter((says) => !isLaxerFor('node:crypto', says, der))
          .map((says) => `laxer, node:crypto: ${says}`),
      ];
    }
    if (openssl.length > 0) return [];
    return ours.filter((says) => !isStricter(says)).map((says) => `stricter: ${says}`);
  }

  function isLaxerFor(by: 'OpenSSL' | 'node:crypto', says: string, der: readonly Buffer[]): boolean {
    const reasons = LAXER.filter(
      (reason) => reason.by.includes(by) && reason.says.test(says) && der.some(reason.of ?? (() => true)),
    );
    for (const reason of reasons) used.add(reason);
    return reasons.length > 0;
  }

  function isStricter(says: string): boolean {
    const reasons = STRICTER.filter((reason) => reason.says.test(says));
    for (const reason of reasons) used.add(reason);
    return reasons.length > 0;
  }

  async function inDirectory<T>(judge: (own: string) => Promise<T>): Promise<T> {
    const own = await mkdtemp(join(directory, 'sample-'));
    try {
      return await judge(own);
    } finally {
      await rm(own, { recursive: true });
    }
  }
});

function oursOnPath({ certificate, intermediates, anchors, at }: PathSample): Objections {
  return objectionsOf(() => {
    const [trusted, known] = [anchors, intermediates].map((list) => list.map((der) => parseCertificate(der)));
    const trust = createTrustStore({ anchors: trusted ?? [], intermediates: known ?? [] });
    validatePath(parseCertificate(certificate), trust, at);
    return [];
  });
}

/** At the present time, as OpenSSL. */
function oursOnResponse({ response, request }: ResponseOf): Objections {
  return objectionsOf(() => {
    const { status } = verifyOcspResponse(response, request.question, new Date());
    return status === 'good' ? [] : [status];
  });
}

function oursOnList({ list, certificate, issuer }: ListOf): Objections {
  return objectionsOf(() => {
    const verified = verifyCrl(list, parseCertificate(issuer), new Date());
    return isListed(verified, parseCertificate(certificate)) ? ['revoked'] : [];
  });
}

function objectionsOf(judge: () => Objections): Objections {
  try {
    return judge();
  } catch (error) {
    assert.ok(error instanceof PkiError || error instanceof RevocationSourceError, String(error));
    return [`${error.code}: ${error.message}`];
  }
}

async function inParallel<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const queue = [...items.entries()];
  await Promise.all(
    Array.from({ length: WORKERS }, async () => {
      for (let next = queue.shift(); next; next = queue.shift()) results[next[0]] = await work(next[1]);
    }),
  );
  return results;
}
