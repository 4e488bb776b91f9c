import type { Messages } from '../messages/messages.ts';
import { externalLink, link } from './links.ts';
import type { LoginOrigin } from './login-origins.ts';
import type { LinkAction } from './page-models.ts';

/** What a link to a service is for: another login, going on after one, or only going back. */
export type Onward = 'startAgain' | 'continue' | 'back';

/**
 * The ways on from a page that belongs to no login that could go on.
 *
 * @param hasOthers whether the page has another way on, which comes first
 */
export function onwardActions(
  { action, layout, smartIdHelpUrl }: Messages,
  onward: Onward,
  origins: readonly LoginOrigin[],
  hasOthers: boolean,
): readonly LinkAction[] {
  const links = origins.flatMap(({ name, home, start = home }, index): LinkAction[] => {
    const look = index === 0 && !hasOthers ? 'primary' : 'secondary';
    switch (onward) {
      case 'startAgain':
        return start === undefined ? [] : [link(start, action.startAgainAt(name), look)];
      case 'continue':
        return home === undefined ? [] : [link(home, action.continueTo(name), look)];
      case 'back':
        return home === undefined ? [] : [link(home, action.backTo(name), 'secondary')];
    }
  });
  // Without a known service, Smart-ID's help is the only way on.
  const isLost = links.length === 0 && !hasOthers;
  return isLost ? [externalLink(smartIdHelpUrl, layout.help, 'secondary')] : links;
}
