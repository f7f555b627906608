// Running work in the corner: whether it is folded is remembered; on a phone it starts folded.
const KEY = 'tray-folded';
const folded = () => sessionStorage.getItem(KEY) ?? (innerWidth < 640 ? '1' : '0');

document.addEventListener('htmx:after:swap', () => {
  const tray = document.querySelector('details.tray');
  if (tray) tray.open = folded() === '0';
});

document.addEventListener('click', (event) => {
  const summary = event.target instanceof Element ? event.target.closest('.tray > summary') : null;
  // The click comes before the change.
  if (summary) sessionStorage.setItem(KEY, summary.parentElement.open ? '1' : '0');
});
