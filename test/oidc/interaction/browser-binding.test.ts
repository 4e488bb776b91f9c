import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createBrowserBinding } from '../../../src/oidc/interaction/browser-binding.ts';
import { createRememberedCookie } from '../../../src/oidc/remembered/remembered-cookie.ts';

const cookies = (count: number, name: (index: number) => string) => ({
  headers: { cookie: Array.from({ length: count }, (_, index) => `${name(index)}=${index + 1}`).join('; ') },
});

describe('the cookies of begun logins', () => {
  const changesWith = (count: number) => {
    const changed: [name: string, isRemoved: boolean][] = [];
    const set = (name: string, value: string | null) => void changed.push([name, value === null]);
    const req = cookies(count, (index) => `sild_begun_${`login${index}`.padEnd(21, '-')}`);
    createBrowserBinding(false, () => 0).remember({ req, cookies: { set } } as never, 'n'.repeat(21));
    return changed;
  };

  it('are removed from the oldest on, so that a browser keeps a bounded number', () => {
    assert.equal(changesWith(3).length, 1);
    const [first, ...others] = changesWith(25).reverse();
    assert.deepEqual(first, [`sild_begun_${'n'.repeat(21)}`, false]);
    assert.ok(others.length >= 1 && others.every(([, isRemoved]) => isRemoved));
    assert.ok(!others.some(([name]) => name.startsWith('sild_begun_login24')), 'the newest stays');
  });

  it('are answered by few, whatever number a client sends', () => {
    assert.ok(changesWith(500).length <= 30);
  });
});

describe('the cookies of remembered logins', () => {
  it('lead to few sessions, whatever number a client sends', () => {
    const cookie = createRememberedCookie(false);
    assert.equal(cookie.sessionIds(cookies(500, (index) => `sild_remembered_${index}`)).length, 50);
    assert.equal(cookie.sessionIds(cookies(3, (index) => `sild_remembered_${index}`)).length, 3);
  });
});
