import type { Begin } from './person.ts';
import type { Command } from './programs.ts';
import type { Surroundings } from './surroundings.ts';

export interface InstalledPeer {
  /** As the table shows it. */
  readonly version: string;
  /** The command that starts it. */
  command(surroundings: Surroundings): Command | Promise<Command>;
}

export interface Peer {
  readonly title: string;
  /** The directory of its example, in `examples/`. */
  readonly example: string;
  /** Installs it outside of the checkout. @throws {Unavailable} if it cannot be had here */
  install(): Promise<InstalledPeer>;
  /** Path that begins a login. */
  readonly login: string;
  /** How a person begins a login from there. Default: following the link. */
  readonly begin?: Begin;
  /** False for a peer that relies on TLS instead, as OpenID Connect Core 3.1.3.7 (6) allows. Default: true. */
  readonly verifiesSignature?: boolean;
  /** Path that logs out by a GET request, also at Sild; undefined if the peer has none. */
  readonly logout?: string;
  /** Path of the page that says who is logged in. Default: `/`. */
  readonly person?: string;
  /** What that page says. Default: subject and name. */
  readonly shows?: readonly string[];
  /** Parameters that its authorization request must have, beside those that all have. */
  readonly requests?: Readonly<Record<string, string>>;
}
