import { describePeer } from './support/describe-peer.ts';
import { peer } from './web/apache.ts';

await describePeer(peer);
