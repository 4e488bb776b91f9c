/**
 * Connects oidc-provider's interactions with the login pages: find → the pages log the person in → complete or abort.
 *
 * `completionWith` creates the grant and the login result under it, and puts both into the interaction; `Login.complete` stores all
 * that. The browser then resumes the authorization request, which consumes the interaction and issues the code (`repeated-resume.ts`).
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { errors, type Interaction } from 'oidc-provider';
import type Provider from 'oidc-provider';
import { stricterLevel } from '../../identity/certificate-level.ts';
import type { BrowserBinding } from './browser-binding.ts';
import { abortedBecause, resultOf } from './interaction-result.ts';
import { expectedPersonOf } from './expected-person.ts';
import { type AskedLogin, leastLevel, type LoginGrants, wordsOf } from './login-grant.ts';
import { shownClient } from '../clients/shown-client.ts';
import { InteractionGoneError, type LoginInteractions } from './login-interaction.ts';
import { loginPath } from '../provider/protocol.ts';
import { requestedLevel } from '../claims/requested-acr.ts';
import type { RequestRecords } from '../records/request-records.ts';

export interface LoginInteractionsOptions {
  readonly grants: LoginGrants;
  readonly requests: RequestRecords;
}

export function createLoginInteractions(
  provider: Provider,
  binding: BrowserBinding,
  { grants, requests }: LoginInteractionsOptions,
): LoginInteractions {
  return {
    async find(req, res) {
      const found = await lookUp(req, res);
      if (!found) return undefined;
      const { interaction, client, settings } = found;
      return {
        uid: interaction.uid,
        client: shownClient(client, interaction.params, provider.issuer),
        settings,
        uiLocales: wordsOf(interaction.params.ui_locales),
        expectedPerson: expectedPersonOf(interaction.params, client),
        wantsReceipt: found.wantsReceipt,
        async completionWith(login) {
          const { batch } = await requests.collect(async () => {
            interaction.result = await resultOf(grants, found, login);
            await interaction.persist();
          });
          return requests.records.join(batch);
        },
        refusalOf: (login) => grants.refusalFor(found, login),
        returnsToApp: !/^https?:/i.test(String(interaction.params.redirect_uri)),
        certificateLevel: stricterLevel(leastLevel(found), requestedLevel(interaction.params)),
        decided: interaction.result !== undefined,
        continueAt: interaction.returnTo,
      };
    },

    isBoundToBrowser: (req, uid) => binding.has(req, uid),

    async abort(req, res, reason) {
      const found = await lookUp(req, res);
      if (!found) throw new InteractionGoneError();
      const result = abortedBecause(reason, found);
      try {
        return await provider.interactionResult(req, res, result, { mergeWithLastSubmission: false });
      } catch (error) {
        throw error instanceof errors.SessionNotFound ? new InteractionGoneError() : error;
      }
    },
  };

  async function lookUp(req: IncomingMessage, res: ServerResponse): Promise<FoundInteraction | undefined> {
    const interaction = await interactionOfCookie(req, res);
    // The cookie identifies the interaction. The page of another interaction must not act on it.
    if (!interaction || !isBelow(loginPath(interaction.uid), req.url)) return undefined;
    // Another host can have set that cookie, but not the cookie of the binding.
    if (!binding.has(req, interaction.uid)) return undefined;
    const client = await provider.Client.find(String(interaction.params.client_id));
    const asked = client && grants.askedBy(client, interaction.params);
    return asked && { interaction, ...asked };
  }

  async function interactionOfCookie(
    req: IncomingMessage,
    res: ServerResponse,
  ): Promise<Interaction | undefined> {
    try {
      return await provider.interactionDetails(req, res);
    } catch (error) {
      if (error instanceof errors.SessionNotFound) return undefined;
      throw error;
    }
  }
}

interface FoundInteraction extends AskedLogin {
  readonly interaction: Interaction;
}

function isBelow(path: string, url: string | undefined): boolean {
  const pathname = url?.split('?', 1)[0];
  return pathname === path || pathname?.startsWith(`${path}/`) === true;
}
