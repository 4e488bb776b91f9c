// Shows new requests without a reload, updates the countdown and adds the keypad. The page also works without it.

const screen = () => document.getElementById('screen');

function prepare() {
  const keypad = document.querySelector('.keypad');
  if (keypad) keypad.hidden = false;
  countDown();
}

function countDown() {
  const line = document.querySelector('[data-expires]');
  if (!line) return;
  const seconds = Math.max(0, Math.round((Date.parse(line.dataset.expires) - Date.now()) / 1000));
  line.textContent = seconds === 1 ? '1 second left' : `${seconds} seconds left`;
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('.keypad button');
  const pin = document.getElementById('pin');
  if (!button || !pin) return;
  if ('erase' in button.dataset) pin.value = pin.value.slice(0, -1);
  else if (pin.value.length < pin.maxLength) pin.value += button.dataset.digit;
});

/** Replaces the changed parts of the page, but not an unchanged screen, on which a person may be typing. */
async function refresh() {
  const answer = await fetch(location.href, { headers: { accept: 'text/html' } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  document.title = page.title;
  document.getElementById('latest').replaceWith(page.getElementById('latest'));

  const [before, after] = [screen(), page.getElementById('screen')];
  if (before.dataset.key === after.dataset.key) return;
  // Confirm leads to another site, and only this screen's own page has a policy that allows it.
  if ('leaves' in after.dataset) {
    location.reload();
    return;
  }
  const hadFocus = before.contains(document.activeElement);
  before.replaceWith(after);
  prepare();
  const heading = after.querySelector('h2');
  if (hadFocus) heading.focus();
  announce(heading.textContent + (after.querySelector('form') ? ': new request' : ''));
}

function announce(text) {
  document.getElementById('announcement').textContent = text;
}

// One refresh at a time; a change during a refresh causes another one.
let refreshing = false;
let again = false;
async function changed() {
  again = true;
  if (refreshing) return;
  refreshing = true;
  while (again) {
    again = false;
    await refresh().catch(() => announce('The simulator does not answer.'));
  }
  refreshing = false;
}

const events = new EventSource('/events');
events.addEventListener('message', changed);
// Changes may have been missed while the connection was lost.
events.addEventListener('open', changed);
setInterval(countDown, 1000);
prepare();
