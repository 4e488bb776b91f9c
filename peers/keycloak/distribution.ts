/** Keycloak from Maven Central, verified, unpacked and built once, in the cache. */
import { createHash } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from '../support/cache.ts';
import { fetchWith, programNamed, run, Unavailable } from '../support/programs.ts';

export const KEYCLOAK_VERSION = '26.7.3';

/** Of `keycloak-quarkus-dist-26.7.3.tar.gz`, as Maven Central publishes it beside the file. */
const SHA512 =
  '664c8ac2997d94b69825af70acc3a6017a7a53a1504a6e21b2d82a04e5f53593b30cabdf80ffe3eb661f13442a57fbc15c4186a1899f2841e8145532e5ae7e1c';

const ARCHIVE = `https://repo1.maven.org/maven2/org/keycloak/keycloak-quarkus-dist/${KEYCLOAK_VERSION}/keycloak-quarkus-dist-${KEYCLOAK_VERSION}.tar.gz`;

const DOWNLOAD_LIMIT_MS = 300_000;

/** For tests: a database in memory, no cluster, and only what a broker needs. */
const BUILD = ['build', '--db=dev-mem', '--cache=local'];

/**
 * The directory of Keycloak, ready for `kc.sh start --optimized`.
 *
 * @throws {Unavailable} where there is no Java, or Maven Central does not answer
 * @throws Error if the archive is not the expected one
 */
export async function installKeycloak(): Promise<string> {
  const java = programNamed('java');
  return cached('keycloak', [SHA512, ...BUILD], async (made) => {
    await fetchWith({ program: java, args: ['-version'], directory: made });
    const archive = join(made, 'keycloak.tar.gz');
    await writeFile(archive, await downloaded());
    await run({ program: 'tar', args: ['xzf', archive, '--strip-components=1'], directory: made });
    await rm(archive);
    await run({ program: 'bin/kc.sh', args: BUILD, directory: made });
  });
}

async function downloaded(): Promise<Buffer> {
  let archive: Buffer;
  try {
    const answer = await fetch(ARCHIVE, { signal: AbortSignal.timeout(DOWNLOAD_LIMIT_MS) });
    if (!answer.ok) throw new Error(String(answer.status));
    archive = Buffer.from(await answer.arrayBuffer());
  } catch (cause) {
    throw new Unavailable('not reachable: Maven Central', { cause });
  }
  const hash = createHash('sha512').update(archive).digest('hex');
  if (hash !== SHA512) throw new Error(`${ARCHIVE} has the SHA-512 ${hash}`);
  return archive;
}

/** A copy that may be written to, as Keycloak does when it starts. */
export async function copyKeycloak(installed: string, directory: string): Promise<void> {
  await run({ program: 'cp', args: ['-r', installed, directory], directory: installed });
}
