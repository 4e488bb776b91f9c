import type { X509Certificate } from 'node:crypto';
import { pinOf } from '../http/tls-pins.ts';
import { oneLine } from '../invisible-characters.ts';
import { daysUntil, WARNING_DAYS } from '../trust/expiry.ts';
import { checkClock, type ClockCheckOptions } from './clock.ts';
import type { Finding } from './finding.ts';
import { type Handshake, shakeHands } from './handshake.ts';

export interface SmartIdCheckOptions extends ClockCheckOptions {
  readonly environment: 'simulator' | 'demo' | 'live';
  /** Undefined: the simulator inside Sild's own process, which is not running now. */
  readonly baseUrl: string | undefined;
}

/** Checks Smart-ID's TLS certificate, the pins and the clock, without starting a login. */
export async function checkSmartId(options: SmartIdCheckOptions): Promise<Finding[]> {
  const { baseUrl } = options;
  if (baseUrl === undefined) return [{ level: 'ok', subject: 'Smart-ID', text: 'simulated, within Sild' }];
  const url = new URL(baseUrl);
  const findings = url.protocol === 'https:' ? await checkTls(url, options) : [];
  // Sild sends no request to a server that it would refuse.
  return findings.some(({ level }) => level === 'problem')
    ? findings
    : [...findings, await checkClock(url, options)];
}

async function checkTls(url: URL, options: SmartIdCheckOptions): Promise<Finding[]> {
  const handshake = await shakeHands(url, options);
  if (handshake.kind === 'failed') {
    return [
      { level: 'problem', subject: 'Smart-ID', text: `no TLS connection to ${url.host} (${handshake.code})` },
    ];
  }
  const { chain } = handshake;
  const presented = chain.map(pinOf);
  return [certificateFinding(url, handshake, new Date(options.now())), pinFinding(presented, options)];
}

function certificateFinding(
  { host }: URL,
  { protocol, refusal, chain }: Extract<Handshake, { kind: 'shaken' }>,
  now: Date,
): Finding {
  const details = chain.flatMap(describe);
  const subject = 'Smart-ID';
  if (refusal !== undefined) {
    return {
      level: 'problem',
      subject,
      text: `the certificate of ${host} is not valid (${refusal})`,
      details,
    };
  }
  const days = Math.min(...chain.slice(0, 1).map(({ validToDate }) => daysUntil(validToDate, now)));
  const soon = days < WARNING_DAYS.smartIdTls;
  return {
    level: soon ? 'warning' : 'ok',
    subject,
    text: `${host} speaks ${protocol}; its certificate ${soon ? `expires in ${days} days` : 'is valid'}`,
    details,
  };
}

function describe(certificate: X509Certificate): string[] {
  return [
    // Node writes one attribute per line; the values are untrusted.
    oneLine(certificate.subject.replaceAll('\n', ', ')).slice(0, 200),
    `  pin    sha256/${pinOf(certificate)}`,
    `  until  ${certificate.validToDate.toISOString().slice(0, 10)}`,
  ];
}

function pinFinding(presented: readonly string[], { tlsPins, environment }: SmartIdCheckOptions): Finding {
  const subject = 'SMARTID_TLS_PINS';
  const toPaste = presented.slice(0, 1).map((pin) => `SMARTID_TLS_PINS=sha256/${pin}`);
  if (tlsPins.length === 0) {
    return {
      level: environment === 'live' ? 'warning' : 'ok',
      subject,
      text: 'no key is pinned; to pin the one that is there now, after comparing it with SK’s:',
      details: toPaste,
    };
  }
  if (presented.some((pin) => tlsPins.includes(pin))) {
    return { level: 'ok', subject, text: 'one of the presented keys is pinned' };
  }
  return {
    level: 'problem',
    subject,
    text: 'none of the presented keys is pinned: SK has changed it, or somebody is in between; where SK confirms it:',
    details: toPaste,
  };
}
