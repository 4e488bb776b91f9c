import { describePeer } from './support/describe-peer.ts';
import { peer } from './web/spring.ts';

await describePeer(peer);
