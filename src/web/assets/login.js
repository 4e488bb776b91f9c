// Enhances the pages where JavaScript runs. They all work without it, and then reload themselves.

/** Smart-ID refuses a QR code older than three seconds; some of that time was spent in transit. */
const STALE_MS = 2800;
/** The server tells the state every ten seconds at least. */
const SILENT_MS = 15000;

const waiting = document.querySelector('[data-wait]');
if (waiting) follow(waiting);

const login = document.querySelector('[data-login]');
if (login) assist(login);

const retry = document.querySelector('[data-retry]');
if (retry) retryLater(retry);

// First, because it cancels a second submission, which no other handler may then process.
for (const form of document.querySelectorAll('form')) submitOnce(form);

for (const form of document.querySelectorAll('[data-open]')) openApp(form);

const start = document.querySelector('[data-start]');
if (start) startWhenSeen(start);

// A computer without touch has no Smart-ID app; a tablet may say that it is a computer.
if (navigator.maxTouchPoints === 0)
  for (const unusable of document.querySelectorAll('.touch, [data-touch]')) unusable.remove();

document.querySelector('[data-submit]')?.requestSubmit();

/** Listens while the person confirms on the phone; the server says when to show another page. */
function follow(place) {
  const { wait: path, phase, show: shown } = place.dataset;
  const query = shown ? `?show=${shown}` : '';
  const time = phase === 'other-tab' ? undefined : countdown(place);
  const picture = shown === 'qr' ? qrCode(place) : undefined;
  let last;
  let silent;

  addEventListener('offline', () => time?.away());
  if (phase === 'waiting') time.set(Number(place.dataset.seconds));
  expectNews();
  listen();

  function expectNews() {
    clearTimeout(silent);
    silent = setTimeout(() => time?.away(), SILENT_MS);
  }

  /** Handles a state. Answers false if the browser leaves the page. */
  function tell({ state, secondsLeft, link }) {
    last = state;
    time?.back();
    expectNews();
    if (state === 'pending' || state === 'starting') return true;
    if (state === 'waiting' && phase !== 'sending') {
      saySent(place);
      time?.set(secondsLeft);
      picture?.draw(link, secondsLeft);
      return true;
    }
    if (phase === 'other-tab' && (state === 'callback_received' || state === 'authenticated')) return true;
    if (state === 'authenticated') showLoggedIn(place);
    location.replace(`${path}/wait${query}`);
    return false;
  }

  function listen() {
    let failures = 0;
    const source = new EventSource(`${path}/events${query}`);
    // No event at all: a proxy may be buffering them.
    const silence = setTimeout(giveUp, 6000);
    source.addEventListener('state', (event) => {
      clearTimeout(silence);
      failures = 0;
      if (!tell(JSON.parse(event.data))) source.close();
    });
    source.addEventListener('error', () => {
      failures += 1;
      if (failures > 1) time?.away();
      if (source.readyState === EventSource.CLOSED || failures > 2) giveUp();
    });

    function giveUp() {
      clearTimeout(silence);
      source.close();
      // A tab whose login continues in another one does not need to poll forever.
      if (phase !== 'other-tab' || last === undefined) poll();
    }
  }

  async function poll() {
    let stays = true;
    // One poll of Smart-ID takes a second; a QR code lasts three.
    let pause = picture ? 300 : 1500;
    try {
      const answer = await fetch(`${path}/status${query}`, {
        headers: { accept: 'application/json' },
        cache: 'no-store',
      });
      if (answer.status === 404) stays = tell({ state: 'over' });
      else if (answer.ok) stays = tell(await answer.json());
      else {
        pause = Math.max(pause, 1000 * Number(answer.headers.get('retry-after')));
        if (answer.status >= 500) time?.away();
      }
    } catch {
      // No network: it may come back before the time is over.
      time?.away();
    }
    if (stays) setTimeout(poll, pause);
  }
}

/** Says what to do now that the push, which the page announced, was sent. */
function saySent(place) {
  for (const element of document.querySelectorAll('[data-sent]')) {
    write(element, element.dataset.sent);
    delete element.dataset.sent;
    if (element.matches('h1')) place.querySelector('[role=status]').textContent = element.textContent;
  }
}

/** Opens the app by the tap that begins the login. If the browser does not follow, the next page has the link as a button. */
function openApp(form) {
  form.addEventListener('submit', async (event) => {
    // A second tap, which submitOnce ignores.
    if (event.defaultPrevented) return;
    event.preventDefault();
    const begun = await begin(form).catch(() => undefined);
    if (!begun) {
      form.submit();
      return;
    }
    if (!begun.link) {
      location.replace(begun.wait);
      return;
    }
    const onward = () => location.replace(begun.wait);
    // The page is hidden while the app is open, and gone if the link has led to a page.
    const timer = setTimeout(onward, 3000);
    addEventListener('pagehide', () => clearTimeout(timer));
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') onward();
    });
    location.href = begun.link;
  });
}

/**
 * Begins the QR code for a person who looks at the page: not in a frame, in a tab in the background, or in a page that the
 * browser loads in advance. The button stays for everybody else, and until there is a network.
 */
function startWhenSeen(form) {
  let begun = false;
  let leaves = false;
  // The person was faster, and has chosen something else.
  addEventListener('click', ({ target }) => (leaves ||= target.closest('a, button') !== null));
  addEventListener('pagehide', () => (leaves = true));
  document.addEventListener('visibilitychange', look);
  document.addEventListener('prerenderingchange', look);
  addEventListener('online', look);
  look();

  async function look() {
    if (begun || leaves || top !== self || document.prerendering || document.visibilityState !== 'visible')
      return;
    begun = true;
    try {
      const answer = await begin(form);
      if (leaves) return;
      if (answer) location.replace(answer.wait);
      else form.submit();
    } catch {
      begun = false;
    }
  }
}

/**
 * Sends a form that begins a device link. Answers undefined if the page of the form's answer has to say why it failed: a limit, or an
 * outage. Throws where no answer comes.
 */
async function begin(form) {
  const answer = await fetch(form.action, {
    method: 'POST',
    body: new URLSearchParams(new FormData(form)),
    headers: { accept: 'application/json' },
    cache: 'no-store',
  });
  const isJson = answer.headers.get('content-type')?.includes('json');
  return answer.ok && isJson ? answer.json() : undefined;
}

/** Says that the login has succeeded. The next page replaces this one, unless the client is an app. */
function showLoggedIn(place) {
  const template = document.querySelector('template[data-logged-in]');
  const card = place.closest('.card');
  if (!template || !card) return;
  document.title = template.dataset.loggedIn;
  card.classList.remove('wide');
  card.replaceChildren(...card.querySelectorAll('.service'), template.content);
  card.querySelector('h1').focus();
}

/** The time left, as a bar and in words. */
function countdown(place) {
  const { texts, language, overdue, expiring } = place.dataset;
  const sentence = secondsText(texts, language);
  const scope = place.closest('.card') ?? place;
  const bar = scope.querySelector('progress');
  const words = scope.querySelector('.left');
  const spoken = scope.querySelector('[role=status]');
  const again = scope.querySelector('.again');
  const open = scope.querySelector('.open');
  // A screen reader that announced each second would not announce anything else.
  const marks = expiring ? [10] : [30, 10];
  let deadline = 0;
  let said = Infinity;
  let timer;
  /** What the words were before the connection was lost; undefined: it is there. */
  let before;

  return { set, away, back };

  /** Says that the connection is lost. The frame of a QR code does so itself. */
  function away() {
    const text = place.dataset.away;
    if (!text || !words || before !== undefined) return;
    before = words.textContent;
    write(words, text);
    spoken.textContent = text;
  }

  function back() {
    if (before === undefined) return;
    write(words, before);
    before = undefined;
  }

  function set(seconds) {
    deadline = performance.now() + seconds * 1000;
    timer ??= setInterval(tick, 1000);
    tick();
  }

  function tick() {
    const seconds = Math.max(0, Math.round((deadline - performance.now()) / 1000));
    const text = seconds > 0 ? sentence(seconds) : overdue;
    bar.value = seconds;
    // The frame of a QR code says itself that the code has expired.
    if (before === undefined) write(words, seconds === 0 && place.dataset.show === 'qr' ? '' : text);
    for (const mark of marks) {
      if (seconds > 0 && seconds <= mark && said > mark) {
        said = mark;
        spoken.textContent = expiring ?? text;
      }
    }
    if (!again) return;
    if (seconds === 0 && said > 0) {
      said = 0;
      spoken.textContent = overdue;
    }
    again.hidden = seconds > 0;
    if (open) open.hidden = seconds === 0;
  }
}

/** The QR code: a new one each second, never one older than three seconds. */
function qrCode(place) {
  const { encoder, interrupted, overdue } = place.dataset;
  const frame = place.querySelector('.qr');
  const gone = place.querySelector('.gone');
  const scan = document.querySelector('.scan');
  const library = import(encoder);
  let newest;
  let stale = setTimeout(hide, STALE_MS, interrupted);

  return {
    async draw(link, secondsLeft) {
      newest = link;
      if (link === undefined) {
        hide(secondsLeft === 0 ? overdue : interrupted);
        return;
      }
      const drawnFor = performance.now();
      const { default: encodeQR } = await library;
      // Loading the library took time, and the next code may have arrived already.
      if (newest !== link || performance.now() - drawnFor > 2000) return;
      clearTimeout(stale);
      stale = setTimeout(hide, STALE_MS, interrupted);
      frame.innerHTML = encodeQR(link, 'svg', { ecc: 'low', border: 4 });
      frame.hidden = false;
      gone.hidden = true;
      if (!scan) return;
      scan.href = link;
      scan.hidden = false;
    },
  };

  function hide(text) {
    clearTimeout(stale);
    frame.hidden = true;
    frame.replaceChildren();
    write(gone, text);
    gone.hidden = false;
    if (scan) scan.hidden = true;
  }
}

/** A link that is enabled after a delay. Until then it has the focus order of a link, so that the keyboard finds it. */
function retryLater(words) {
  const { retry: seconds, text, over, language } = words.dataset;
  const scope = words.closest('.actions');
  const action = scope.querySelector('[data-href]');
  const format = new Intl.RelativeTimeFormat(language);
  const deadline = performance.now() + seconds * 1000;
  const timer = setInterval(() => {
    const left = Math.ceil((deadline - performance.now()) / 1000);
    if (left > 0) {
      write(words, text.replace('{when}', whenIn(left)));
      return;
    }
    clearInterval(timer);
    // Before it loses its `tabindex`, so that it keeps the focus.
    action.href = action.dataset.href;
    for (const name of ['role', 'tabindex', 'aria-disabled', 'aria-describedby'])
      action.removeAttribute(name);
    words.hidden = true;
    scope.querySelector('[role=status]').textContent = over;
  }, 1000);

  function whenIn(left) {
    if (left < 120) return format.format(left, 'second');
    return left < 7200
      ? format.format(Math.ceil(left / 60), 'minute')
      : format.format(Math.ceil(left / 3600), 'hour');
  }
}

/** The sentence for a number of seconds, in the plural form that the language requires. */
function secondsText(texts, language) {
  const forms = JSON.parse(texts);
  const plural = new Intl.PluralRules(language);
  const number = new Intl.NumberFormat(language);
  return (seconds) =>
    (forms[plural.select(seconds)] ?? forms.other).replace('{seconds}', number.format(seconds));
}

/** Shows the hint for the country, and formats the personal code as the country writes it. */
function assist(form) {
  const { country, personal_code: code } = form.elements;
  const hint = document.getElementById('hint');

  country.addEventListener('change', () => {
    hint.textContent = country.selectedOptions[0].dataset.hint;
    format();
  });
  code.addEventListener('change', format);

  function format() {
    const plain = code.value.replace(/\s+/g, '');
    code.value = country.value === 'LV' ? plain.replace(/^(\d{6})(\d{5})$/, '$1-$2') : plain;
  }
}

/** Ignores a second click; the button shows that the first one is being processed. */
function submitOnce(form) {
  const button = form.querySelector('button');
  const label = button?.textContent;
  let sent = false;

  form.addEventListener('submit', (event) => {
    if (sent) event.preventDefault();
    sent = true;
    if (!button) return;
    button.setAttribute('aria-disabled', 'true');
    if (button.dataset.busy) write(button, button.dataset.busy);
  });
  // Back from the next page: the browser may restore this one from its cache.
  addEventListener('pageshow', ({ persisted }) => {
    if (!persisted) return;
    if (waiting) location.reload();
    sent = false;
    button?.removeAttribute('aria-disabled');
    if (button) write(button, label);
  });
}

/** Replaces a text; the name Smart-ID stays on one line, as in the pages. */
function write(element, text) {
  const parts = text.split(/(Smart-ID)/).map((part) => {
    if (part !== 'Smart-ID') return part;
    const name = document.createElement('span');
    name.className = 'smart-id';
    name.textContent = part;
    return name;
  });
  element.replaceChildren(...parts);
}
