import { describePeer } from './support/describe-peer.ts';
import { peer } from './web/authjs.ts';

await describePeer(peer);
