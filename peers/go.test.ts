import { describePeer } from './support/describe-peer.ts';
import { peer } from './web/go.ts';

await describePeer(peer);
