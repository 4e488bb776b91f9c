import type { Device } from '../device.ts';
import type { LoginPageContext } from '../page-context.ts';
import type { Action } from '../../pages/page-models.ts';
import { link } from '../../pages/links.ts';

/** The alternative where no push may be sent: the QR code directly, if it is likely to be used, or else the choice of flows. */
export function linkInstead({
  path,
  device,
  messages,
  offered: { flows },
}: Pick<LoginPageContext, 'path' | 'device' | 'messages' | 'offered'>): Action {
  const { methods } = messages;
  return flows.includes('qr') && hasOtherPhone(device)
    ? { kind: 'post', href: `${path}/device-link`, text: methods.showQr, look: 'primary' }
    : link(`${path}?choose`, methods.otherMethods, 'primary');
}

/** Whether the Smart-ID app is likely on another device, which can scan a QR code. */
function hasOtherPhone(device: Device): boolean {
  switch (device) {
    case 'computer':
    case 'tablet':
      return true;
    case 'phone':
      return false;
  }
}
