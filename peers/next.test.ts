import { describePeer } from './support/describe-peer.ts';
import { peer } from './web/next.ts';

await describePeer(peer);
