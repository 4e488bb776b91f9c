import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LANGUAGES } from '../../src/config/languages.ts';
import { checkLinks, helpAddresses } from '../../src/doctor/links.ts';
import { CATALOGUES } from '../../src/web/messages/languages.ts';
import { answeringServer } from '../http/answering-server.ts';

describe('the links to Smart-ID’s help', () => {
  it('are those of all languages, once, on SK’s sites', () => {
    const addresses = helpAddresses();
    for (const language of LANGUAGES) assert.ok(addresses.includes(CATALOGUES[language].smartIdHelpUrl));
    assert.equal(new Set(addresses).size, addresses.length);
    for (const address of addresses) assert.match(address, /^https:\/\/(www\.smart-id\.com|smart-id\.be)\//);
  });

  it('are opened once each: a page that is missing or elsewhere is a warning', async (test) => {
    const server = await answeringServer(test, ({ url = '' }, response) => {
      if (url === '/moved') response.writeHead(301, { location: '/' });
      else if (url === '/slash') response.writeHead(301, { location: '/slash/' });
      else response.writeHead(url === '/there' ? 200 : 404);
      response.end();
    });
    const paths = ['there', 'slash', 'moved', 'missing'];
    const findings = await checkLinks(paths.map((path) => server.url + path));
    assert.deepEqual(
      findings.map(({ level }) => level),
      ['ok', 'ok', 'warning', 'warning'],
    );
    assert.equal(findings[2]?.text, `${server.url}moved leads to ${server.url}`);
    assert.equal(findings[3]?.text, `${server.url}missing answers 404`);
    assert.equal(server.requests(), 4);
  });

  it('that do not answer are a warning', async () => {
    const [finding] = await checkLinks(['http://127.0.0.1:1/help']);
    assert.ok(finding);
    assert.equal(finding.level, 'warning');
    assert.match(finding.text, /does not answer/);
  });
});
