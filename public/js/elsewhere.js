// A page that goes elsewhere by itself (loads itself anew, say) does not take away where somebody goes at that moment: a link
// that was pressed, the answer to a form that was sent.

/** As long as an answer may take. What became none, such as a download, is over by then. */
const ANSWER_MS = 10_000;
let leftAt = -Infinity;
let later;

addEventListener('beforeunload', () => (leftAt = performance.now()));

/** At once, or when nobody has gone on until then. */
export function goElsewhere(go) {
  clearTimeout(later);
  const wait = leftAt + ANSWER_MS - performance.now();
  if (wait > 0) later = setTimeout(goElsewhere, wait, go);
  else go();
}

/** When what a page is about is there no longer: `part`, which asks for it again, is told so, and the page leads to the list. */
export function leaveWhenGone(part, list) {
  document.addEventListener(
    'htmx:response:error',
    (event) => {
      const { response, sourceElement } = event.detail.ctx;
      if (response.status !== 404 || sourceElement?.id !== part) return;
      // Nothing has failed.
      event.stopPropagation();
      goElsewhere(() => location.assign(list));
    },
    { capture: true },
  );
}
