/** How the answer of the login service gets to its run: in the query, by form_post, or in the fragment, which the person brings. */
import type Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import { html } from '../sample-app/html.ts';
import { posted, readForm } from './forms.ts';
import type { Runs } from './runs.ts';
import { PATH, playgroundPage, showNotice, showRun } from './site.ts';

/** @param ownForms refuses forms of other sites */
export function addAnswerRoutes(router: Router, runs: Runs, ownForms: Middleware): void {
  router.get('/callback', (ctx) => {
    const answer = new URLSearchParams(ctx.querystring);
    if (answer.size === 0) ctx.body = fragmentPage(false);
    else take(ctx, runs, answer);
  });

  // The answer by form_post comes from the login service's page. Its `state` names the run.
  router.post('/callback', readForm, (ctx) => {
    take(ctx, runs, posted(ctx));
  });

  router.post('/fragment', ownForms, readForm, (ctx) => {
    const address = URL.parse(posted(ctx).get('address') ?? '');
    const answer = new URLSearchParams(address?.hash.slice(1));
    if (runs.findByState(answer.get('state') ?? '')) {
      take(ctx, runs, answer);
    } else {
      ctx.status = 422;
      ctx.body = fragmentPage(true);
    }
  });
}

/** Stores the answer with its run, once, and goes to the run, which opens in its own browser only. */
function take(ctx: Context, runs: Runs, answer: URLSearchParams): void {
  const run = runs.findByState(answer.get('state') ?? '');
  if (!run?.sent) {
    showNotice(ctx, 404, 'This answer is not expected', 'It answers no request of the last hour.');
    return;
  }
  run.answer ??= answer;
  run.problem = undefined;
  showRun(ctx, run);
}

/** With `response_mode=fragment` the answer stays in the browser's address: the person brings it. */
function fragmentPage(isWrong: boolean): string {
  const title = 'Bring the answer';
  return playgroundPage(
    isWrong ? `Problem: ${title}` : title,
    html`<h1>${title}</h1>
      <p>
        With <code>response_mode=fragment</code> the answer is behind the # of this page’s address, which no
        server sees. In an application a script reads it. Here, copy the whole address into the field.
      </p>
      <form method="post" action="${PATH}/fragment">
        <div class="field">
          <label for="address">Address of this page</label>
          ${isWrong ? html`<p class="wrong" id="address-problem">It has no answer to a request of the last hour.</p>` : ''}
          <input
            name="address"
            id="address"
            autocomplete="off"
            spellcheck="false"
            ${isWrong ? html`aria-invalid="true" aria-describedby="address-problem"` : ''}
          />
        </div>
        <button class="button">Show the answer</button>
      </form>`,
  );
}
