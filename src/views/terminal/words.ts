import type { Ui } from '../ui.ts';

/** The texts that public/js/terminal/ shows. */
export function terminalWords({ t: { terminal: t, recordings, snippets, broadcast } }: Ui) {
  const { connecting, connected, reconnecting, exited, killedBy, gone, close, closeTab, again, size, sizeSmaller, others, newOutput, bellRang, findNone, findCount, title } = t;
  const { pasteTitle, pasteRefused, recordingFailed, recordingFull, notSent, inputLabel, panesMost, left, leftAll, leftEnd } = t;
  return {
    title, connecting, connected, reconnecting, exited, killedBy, gone, close, closeTab, again, size, sizeSmaller, others, newOutput, bellRang, findNone, findCount,
    pasteTitle, pasteRefused, recordingFailed, recordingFull, notSent, inputLabel, panesMost, left, leftAll, leftEnd, leftOpen: t.attach, killAsk: t.killAsk({ name: '{name}' }), newTab: t.newTab, over: t.over,
    recordStarted: recordings.started, recordStopped: recordings.stopped,
    snippetsNone: snippets.none, snippetsNoneYet: snippets.noneYet, snippetsShared: snippets.shared, snippetsReadOnly: snippets.readOnly,
    broadcastOn: broadcast.on, broadcastWatchedOnly: broadcast.watchedOnly,
  };
}
