import { Icon, type IconName } from '../../parts/icon.tsx';
import type { Ui } from '../../ui.ts';

/** Everything that has no button of its own; `data-ed` names what public/js/files/editor/commands.js does. */
export function MoreMenu({ ui }: { ui: Ui }) {
  const t = ui.t.editor;
  return (
    <>
      <button class="btn ghost only sm" type="button" popovertarget="ed-more" aria-label={t.more} title={t.more}>
        <Icon ui={ui} name="more" />
      </button>
      <div class="menu" id="ed-more" popover="auto">
        <Line ui={ui} id="search" icon="search" label={t.search} mod="F" />
        <Line ui={ui} id="goto" icon="arrow-down" label={t.goToLine} />
        <hr />
        <Line ui={ui} id="wrap" icon="log" label={t.wrap} toggles />
        <Line ui={ui} id="vim" icon="keyboard" label={t.vim} toggles />
        <Line ui={ui} id="bigger" icon="arrow-up" label={t.bigger} />
        <Line ui={ui} id="smaller" icon="arrow-down" label={t.smaller} />
        <hr />
        <Line ui={ui} id="diff" icon="split" label={t.compareDisk} />
        <Line ui={ui} id="reload" icon="refresh" label={t.reload} />
        <Line ui={ui} id="versions" icon="history" label={t.versions} />
        <Line ui={ui} id="download" icon="download" label={t.download} />
        <Line ui={ui} id="folder" icon="folder" label={t.showInFolder} />
      </div>
    </>
  );
}

function Line({ ui, id, icon, label, mod, toggles }: { ui: Ui; id: string; icon: IconName; label: string; mod?: string; toggles?: boolean }) {
  return (
    <button type="button" data-ed={id} aria-pressed={toggles ? 'false' : undefined}>
      <Icon ui={ui} name={icon} />
      {label}
      {mod ? <kbd data-mod={mod}></kbd> : null}
      {toggles ? <Icon ui={ui} name="check" class="tick" /> : null}
    </button>
  );
}
