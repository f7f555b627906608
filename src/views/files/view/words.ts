import type { Ui } from '../../ui.ts';

/** The texts of the viewer's scripts; `{n}` and the like are filled in by public/js/text.js. */
export function viewWords({ t, lang }: Ui) {
  const { view } = t;
  return {
    lang,
    status: view.text.status({ at: '{at}', size: '{size}', percent: '{percent}' }),
    searching: view.text.searching,
    none: view.text.none,
    time: view.text.time,
    failed: view.text.failed,
    cannotShow: view.cannotShow,
    page: view.pdf.page({ n: '{n}', total: '{total}' }),
    pdfFailed: view.pdf.failed,
    locked: view.pdf.locked,
    rotated: view.tail.rotated,
    truncated: view.tail.truncated,
    skipped: view.tail.skipped({ size: '{size}' }),
    gone: view.tail.gone,
    waiting: view.tail.waiting,
    waitingLines: view.tail.waitingLines({ n: '{n}' }),
    lines: view.tail.lines({ n: '{n}' }),
    pause: view.tail.pause,
    go: view.tail.go,
  };
}
