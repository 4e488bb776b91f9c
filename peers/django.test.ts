import { describePeer } from './support/describe-peer.ts';
import { peer } from './web/django.ts';

await describePeer(peer);
