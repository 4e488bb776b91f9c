import { describePeer } from './support/describe-peer.ts';
import { peer } from './web/express.ts';

await describePeer(peer);
