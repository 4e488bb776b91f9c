import { describePeer } from './support/describe-peer.ts';
import { peer } from './web/oauth2-proxy.ts';

await describePeer(peer);
