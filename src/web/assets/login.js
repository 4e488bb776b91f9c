// What the pages gain where scripts run. Without this file they all work; they only reload more.

const waiting = document.querySelector('[data-wait]');
if (waiting) follow(waiting);

const login = document.querySelector('[data-login]');
if (login) assist(login);

for (const form of document.querySelectorAll('form')) submitOnce(form);

/** Listens while the person confirms on the phone; the server says when there is something else to show. */
function follow(place) {
  const { wait: path, phase, language, overdue } = place.dataset;
  const texts = JSON.parse(place.dataset.texts);
  const plural = new Intl.PluralRules(language);
  const bar = place.querySelector('progress');
  const words = place.querySelector('.left');
  const spoken = place.querySelector('[role=status]');
  let running = phase === 'waiting';
  let deadline = 0;
  let said = Infinity;

  setLeft(Number(place.dataset.seconds));
  setInterval(tick, 1000);
  listen();

  function setLeft(seconds) {
    deadline = performance.now() + seconds * 1000;
    tick();
  }

  function tick() {
    if (!running) return;
    const seconds = Math.max(0, Math.round((deadline - performance.now()) / 1000));
    const text =
      seconds > 0 ? (texts[plural.select(seconds)] ?? texts.other).replace('{seconds}', seconds) : overdue;
    bar.value = seconds;
    words.textContent = text;
    // Read out twice in all: a countdown that speaks each second lets nobody hear the code.
    for (const mark of [30, 10]) {
      if (seconds > 0 && seconds <= mark && said > mark) {
        said = mark;
        spoken.textContent = text;
      }
    }
  }

  /** Answers whether the page stays. */
  function show({ state, secondsLeft }) {
    if (state === 'pending' || state === 'starting') return true;
    if (state === 'waiting' && phase !== 'sending') {
      running = true;
      setLeft(secondsLeft);
      return true;
    }
    location.replace(`${path}/wait`);
    return false;
  }

  function listen() {
    let failures = 0;
    const source = new EventSource(`${path}/events`);
    // A proxy that holds the events back looks like silence.
    const silence = setTimeout(giveUp, 6000);
    source.addEventListener('state', (event) => {
      clearTimeout(silence);
      failures = 0;
      if (!show(JSON.parse(event.data))) source.close();
    });
    source.addEventListener('error', () => {
      failures += 1;
      if (source.readyState === EventSource.CLOSED || failures > 2) giveUp();
    });

    function giveUp() {
      clearTimeout(silence);
      source.close();
      poll();
    }
  }

  async function poll() {
    let stays = true;
    try {
      const answer = await fetch(`${path}/status`, {
        headers: { accept: 'application/json' },
        cache: 'no-store',
      });
      if (answer.status === 404) stays = show({ state: 'gone' });
      else if (answer.ok) stays = show(await answer.json());
    } catch {
      // The network is away; it may come back while there is time.
    }
    if (stays) setTimeout(poll, 1500);
  }
}

/** The hint that fits the country, and a personal code as its country writes it. */
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

/** A second click does nothing; the button says that the first one works. */
function submitOnce(form) {
  const button = form.querySelector('button');
  const label = button?.textContent;
  let sent = false;

  form.addEventListener('submit', (event) => {
    if (sent) event.preventDefault();
    sent = true;
    if (!button) return;
    button.setAttribute('aria-disabled', 'true');
    if (button.dataset.busy) button.textContent = button.dataset.busy;
  });
  // Back from the next page, which the browser may have kept as it was.
  addEventListener('pageshow', ({ persisted }) => {
    if (!persisted) return;
    if (waiting) location.reload();
    sent = false;
    button?.removeAttribute('aria-disabled');
    if (button) button.textContent = label;
  });
}
