// The colours of the tokens as the canvas wants them. A custom property still says `light-dark(…)` when it is read;
// as the `color` of an element the browser has worked it out.

const probe = document.createElement('span');
probe.hidden = true;
document.body.append(probe);

function resolve(color) {
  probe.style.color = color;
  return getComputedStyle(probe).color;
}

export const colors = {};

function read() {
  for (const name of ['d1', 'd2', 'line', 'line-faint']) colors[name] = resolve(`var(--${name})`);
  for (const name of ['d1', 'd2']) colors[`${name}-area`] = resolve(`color-mix(in oklab, var(--${name}) 13%, transparent)`);
}
read();

/** Runs when the theme has changed: by the switch in the page, by the system, by the wish for more contrast. */
export function onColors(run) {
  const again = () => {
    read();
    run();
  };
  new MutationObserver(again).observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  for (const query of ['(prefers-color-scheme: dark)', '(prefers-contrast: more)']) matchMedia(query).addEventListener('change', again);
}
