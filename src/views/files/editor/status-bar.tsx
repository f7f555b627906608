import { ENCODING_NAMES, ENCODINGS } from '../../../core/files/text/encodings.ts';
import { LINE_ENDS } from '../../../core/files/text/line-ends.ts';
import { Icon } from '../../parts/icon.tsx';
import type { Ui } from '../../ui.ts';

/** Path, position, indentation, encoding, line endings, language: each is pressed to change it. */
export function StatusBar({ ui }: { ui: Ui }) {
  const t = ui.t.editor.status;
  return (
    <footer class="ed-status" id="ed-status" hidden>
      <span class="ed-path" id="ed-path"></span>
      <span class="ed-note" id="ed-read-only" hidden>
        <Icon ui={ui} name="lock" />
        {t.readOnly}
      </span>
      <button type="button" id="ed-position" data-ed="goto" title={t.positionLabel}></button>
      <StatusMenu id="ed-indent" label={t.indent}>
        {[2, 4, 8].map((n) => (
          <button type="button" data-indent={String(n)}>
            {t.spaces({ n })}
            <Icon ui={ui} name="check" class="tick" />
          </button>
        ))}
        <button type="button" data-indent="tab">
          {t.tab}
          <Icon ui={ui} name="check" class="tick" />
        </button>
      </StatusMenu>
      <StatusMenu id="ed-encoding" label={t.encoding}>
        <h3>{t.reopenWith}</h3>
        {ENCODINGS.map((id) => (
          <button type="button" data-reopen={id}>
            {ENCODING_NAMES[id]}
            <Icon ui={ui} name="check" class="tick" />
          </button>
        ))}
        {ui.can('files.write') ? <SaveAs ui={ui} /> : null}
      </StatusMenu>
      <StatusMenu id="ed-line-end" label={t.lineEnd}>
        {LINE_ENDS.map((id) => (
          <button type="button" data-line-end={id}>
            {t[`${id}Long`]}
            <Icon ui={ui} name="check" class="tick" />
          </button>
        ))}
        <button type="button" data-line-end="mixed" hidden>
          {t.mixedLong}
          <Icon ui={ui} name="check" class="tick" />
        </button>
      </StatusMenu>
      <StatusMenu id="ed-language" label={t.language} />
    </footer>
  );
}

function SaveAs({ ui }: { ui: Ui }) {
  const t = ui.t.editor.status;
  return (
    <>
      <hr />
      <h3>{t.saveWith}</h3>
      {ENCODINGS.map((id) => (
        <button type="button" data-save-as={id}>
          {ENCODING_NAMES[id]}
          <Icon ui={ui} name="check" class="tick" />
        </button>
      ))}
      <button type="button" data-bom aria-pressed="false">
        {t.addBom}
        <Icon ui={ui} name="check" class="tick" />
      </button>
    </>
  );
}

function StatusMenu({ id, label, children }: { id: string; label: string; children?: unknown }) {
  return (
    <>
      <button type="button" id={id} popovertarget={`${id}-menu`} title={label}></button>
      <div class="menu up ed-menu" id={`${id}-menu`} popover="auto" aria-label={label} role="group">
        {children as never}
      </div>
    </>
  );
}
