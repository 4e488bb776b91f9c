import { describePeer } from './support/describe-peer.ts';
import { peer } from './web/flask.ts';

await describePeer(peer);
