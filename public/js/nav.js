// The navigation on phones is a popover: open, Esc and a tap outside need no script. Here the focus is kept inside.
const side = document.getElementById('side');
const wide = matchMedia('(width >= 56rem)');

function rest() {
  return document.querySelectorAll('body > :is(.topbar, main, .corner, .skip)');
}

// Before it closes: the browser gives the focus back to the button, which must be able to take it.
side?.addEventListener('beforetoggle', (event) => {
  for (const element of rest()) element.inert = event.newState === 'open';
});
side?.addEventListener('toggle', (event) => {
  if (event.newState === 'open') (side.querySelector('.nav [aria-current]') ?? side.querySelector('.nav a'))?.focus();
});

// Turned to landscape, or the window was widened: the navigation lies beside the page again.
wide.addEventListener('change', () => {
  if (wide.matches && side?.matches(':popover-open')) side.hidePopover();
});
