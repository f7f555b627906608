// Set-up: the one-time token stands after # in the address, so that no log and no proxy sees it. It moves into the form
// and out of the address; the tab remembers it, so that switching the language does not lose it.
const field = document.querySelector('[data-setup-token]');

/** @returns {boolean} whether the address brought a token */
function takeFromAddress() {
  const given = location.hash.slice(1);
  if (!given) return false;
  sessionStorage.setItem('setup-token', given);
  history.replaceState(null, '', location.pathname);
  return true;
}

function fill() {
  const token = sessionStorage.getItem('setup-token');
  if (!field || !token) return;
  field.querySelector('input').value = token;
  field.hidden = true;
  document.querySelector('[name=name]').focus();
}

const brought = takeFromAddress();
// A refused one is not filled in again: the person needs the field to paste another.
if (field?.dataset.setupToken === 'refused' && !brought) sessionStorage.removeItem('setup-token');
else fill();

// The link pasted into a tab that already shows this page changes only the part after #: nothing is loaded.
addEventListener('hashchange', () => {
  if (takeFromAddress()) fill();
});
