// The navigation on phones is a popover: open, Esc and a tap outside need no script. Here the focus is kept inside.
const side = document.getElementById('side');
const wide = matchMedia('(width >= 56rem)');

function rest() {
  return document.querySelectorAll('body > :is(.topbar, main, .corner, .skip)');
}

side?.addEventListener('toggle', (event) => {
  const open = event.newState === 'open';
  for (const element of rest()) element.inert = open;
  if (open) (side.querySelector('.nav [aria-current]') ?? side.querySelector('.nav a'))?.focus();
});

// Turned to landscape, or the window was widened: the navigation lies beside the page again.
wide.addEventListener('change', () => {
  if (wide.matches && side?.matches(':popover-open')) side.hidePopover();
});
