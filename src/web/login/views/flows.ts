import type { Flow } from '../../../flows/flows.ts';
import type { Messages } from '../../messages/messages.ts';
import type { FlowAction, FlowsPage } from '../../pages/page-models.ts';
import type { Device } from '../device.ts';
import type { LoginPageContext, LoginPageDependencies } from '../page-context.ts';

/** The choice of flows. @param flows best first */
export async function drawFlows(
  page: LoginPageContext,
  { pages }: LoginPageDependencies,
  flows: readonly Flow[],
  { startsQr }: Pick<FlowsPage, 'startsQr'>,
): Promise<void> {
  const { ctx, path, interaction, device, messages } = page;
  const [first] = flows;
  pages.draw(ctx, 200, 'flows', {
    service: interaction.client,
    lead: leadOf(first, device, messages),
    // A computer shows the next steps beside the button; on a phone the QR code is on another screen.
    steps: first === 'qr' && device === 'computer' ? messages.methods.steps : undefined,
    flows: flows.map((flow, index) => flowAction(flow, device, index === 0, messages.methods)),
    startsQr,
    path,
    knownBrowser: await page.isKnownBrowser(),
  });
}

function leadOf(first: Flow | undefined, device: Device, { methods, login }: Messages): string {
  switch (first) {
    case 'notification':
      return login.lead;
    case 'web2app':
      return methods.phoneLead;
    case 'qr':
    case undefined:
      return device === 'tablet' ? methods.tabletLead : methods.computerLead;
  }
}

function flowAction(flow: Flow, device: Device, first: boolean, texts: Messages['methods']): FlowAction {
  const computer = device === 'computer';
  switch (flow) {
    case 'qr':
      return {
        flow,
        text: device === 'phone' ? texts.showQrForOtherDevice : texts.showQr,
        look: first ? 'primary' : 'secondary',
      };
    case 'web2app':
      // Few computers have the app; a tablet that identifies itself as a computer does.
      return {
        flow,
        text: device === 'phone' ? texts.openApp : texts.openAppOnThisDevice,
        look: first ? 'primary' : computer ? 'plain' : 'secondary',
      };
    case 'notification':
      return {
        flow,
        text: computer && !first ? texts.personalCodeInstead : texts.personalCode,
        look: first ? 'primary' : computer ? 'plain' : 'secondary',
      };
  }
}
