// The size of a selection, counted while somebody looks. It ends with its dialog: what is not in the page any more is
// not counted on.
import { whenThere } from '../dom.js';
import { subscribe } from '../sse.js';

function follow(line) {
  const text = line.querySelector('[data-sizes-text]');
  const stream = subscribe(line.dataset.sizes, {
    size: (size) => void (text.textContent = size.text),
    end(size) {
      text.textContent = size.text;
      over();
    },
    fault(fault) {
      text.textContent = fault.text;
      over();
    },
  });
  const watch = new MutationObserver(() => line.isConnected || over());
  const over = () => {
    watch.disconnect();
    stream.close();
  };
  watch.observe(document.body, { childList: true, subtree: true });
}

whenThere('sizes', follow);
