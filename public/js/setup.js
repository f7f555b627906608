// Set-up: the one-time token stands after # in the address, so that no log and no proxy sees it. It moves into the form
// and out of the address; the tab remembers it, so that switching the language does not lose it.
const field = document.querySelector('[data-setup-token]');
const given = location.hash.slice(1);
if (given) {
  sessionStorage.setItem('setup-token', given);
  history.replaceState(null, '', location.pathname);
}
const token = sessionStorage.getItem('setup-token');
// A refused one is not filled in again: the person needs the field to paste another.
if (field?.dataset.setupToken === 'refused' && !given) sessionStorage.removeItem('setup-token');
else if (field && token) {
  field.querySelector('input').value = token;
  field.hidden = true;
  document.querySelector('[name=name]').focus();
}
