import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Release, releaseProblems } from '../../scripts/release/problems.ts';

const CHANGELOG =
  '# Changelog\n\n## Unreleased\n\n## 1.2.0 – 2027-01-31\n\n- A change.\n\n## 1.1.0 – 2026-12-01\n';

function release(changes: Partial<Release> = {}): Release {
  return {
    manifest: { version: '1.2.0' },
    lockfile: { version: '1.2.0' },
    changelog: CHANGELOG,
    tags: ['v1.2.0'],
    ...changes,
  };
}

describe('a release', () => {
  it('has no problems when version, changelog and tag agree', () => {
    assert.deepEqual(releaseProblems(release()), []);
  });

  it('may have unreleased changes while its commit has no tag', () => {
    const changelog = CHANGELOG.replace('## Unreleased\n', '## Unreleased\n\n- A new change.\n');
    assert.deepEqual(releaseProblems(release({ changelog, tags: [] })), []);
    assert.equal(releaseProblems(release({ changelog })).length, 1);
  });

  it('may not exist yet', () => {
    const changelog = '# Changelog\n\n## Unreleased\n\n- Everything.\n';
    assert.deepEqual(releaseProblems(release({ changelog, tags: [] })), []);
  });

  const wrong: Readonly<Record<string, Partial<Release>>> = {
    'whose lockfile has another version': { lockfile: { version: '1.1.0' } },
    'whose changelog has another version on top': { changelog: CHANGELOG.replace('1.2.0', '1.3.0') },
    'whose changelog names a version twice': { changelog: CHANGELOG.replace('1.1.0', '1.2.0') },
    'whose changelog has no date': { changelog: CHANGELOG.replace(' – 2027-01-31', '') },
    'whose changelog has no place for the next changes': {
      changelog: CHANGELOG.replace('## Unreleased\n\n', ''),
    },
    'whose tag is of another version': { tags: ['v1.1.0'] },
    'that is tagged and not in the changelog': { changelog: '# Changelog\n\n## Unreleased\n' },
  };
  for (const [name, changes] of Object.entries(wrong)) {
    it(`is refused ${name}`, () => {
      assert.notEqual(releaseProblems(release(changes)).length, 0);
    });
  }
});
