import { ToastFragment } from '../../parts/toast.tsx';
import type { Ui } from '../../ui.ts';

/** Says that it is done, and takes it back. */
export function UndoToast({ ui, id, text }: { ui: Ui; id: string; text: string }) {
  return (
    <ToastFragment ui={ui} about="/files/mode" title={text}>
      <form method="post" action="/files/mode/undo" hx-post="/files/mode/undo" hx-swap="none">
        <input type="hidden" name="id" value={id} />
        <button class="btn sm" type="submit">
          {ui.t.parts.undo}
        </button>
      </form>
    </ToastFragment>
  );
}
