import { changing, type Count, seen } from '../../../core/files/modes/count.ts';
import type { Selection } from '../../../core/files/modes/protect.ts';
import { Kv } from '../../parts/kv.tsx';
import type { Ui } from '../../ui.ts';
import { ActionPage, SelectionFields } from '../action-page.tsx';
import { folderHref } from '../href.ts';
import { SHEET_SCRIPTS, titleOf } from './sheet.tsx';
import { Commands, tabHref } from './tabs.tsx';

interface PreviewProps {
  ui: Ui;
  selection: Selection & { id?: string | undefined };
  /** The form as it was sent, to be sent again. */
  fields: Readonly<Record<string, string>>;
  scan: string;
  count: Count;
  commands: readonly string[];
}

/** What a recursive change would do, before it is done; counts while it is looked at. */
export function ModePreview({ ui, selection, fields, scan, count, commands }: PreviewProps) {
  const t = ui.t.modes;
  return (
    <ActionPage ui={ui} title={titleOf(ui, selection)} folder={selection.folder} wide scripts={SHEET_SCRIPTS}>
      <form class="form" method="post" action="/files/mode" hx-post="/files/mode" hx-target="#action" hx-select="#action" hx-swap="outerHTML">
        <SelectionFields selection={selection} />
        {Object.entries(fields).map(([name, value]) => <input type="hidden" name={name} value={value} />)}
        <input type="hidden" name="step" value="apply" />
        <h3>{t.previewTitle}</h3>
        <Commands ui={ui} commands={commands} />
        <Counted ui={ui} scan={scan} count={count} back={tabHref('mode', selection)} folder={selection.folder} />
      </form>
    </ActionPage>
  );
}

function Counted({ ui, scan, count, back, folder }: { ui: Ui; scan: string; count: Count; back: string; folder: string }) {
  const t = ui.t.modes;
  const n = (value: number) => (value ? ui.fmt.number(value) : '');
  const address = `/files/mode/preview?scan=${scan}`;
  const counting = count.state === 'counting';
  const poll = counting ? { 'hx-get': address, 'hx-trigger': 'load delay:300ms', 'hx-select': '#mode-count', 'hx-swap': 'outerHTML', 'hx-target': '#mode-count' } : {};
  const nothing = count.state === 'done' && changing(count) === 0;
  return (
    <div id="mode-count" aria-busy={counting ? 'true' : undefined} {...poll}>
      {counting ? <p role="status">{t.counting({ n: ui.fmt.number(seen(count)) })}</p> : null}
      {counting ? <progress aria-label={t.previewTitle}></progress> : null}
      {count.state === 'bounded' ? <p>{t.previewBounded({ n: ui.fmt.number(seen(count)) })}</p> : null}
      {nothing ? <p>{t.previewNothing}</p> : null}
      <Kv
        rows={[
          [t.previewFiles, n(count.files)], [t.previewFolders, n(count.folders)], [t.previewLinks, n(count.links)],
          [t.previewSame, n(count.same)], [t.previewSkipped, n(count.skipped)], [t.previewUnknown, n(count.unknown)],
        ]}
      />
      <div class="btns">
        <a class="btn" href={folderHref(folder)} data-cancel>
          {ui.t.parts.cancel}
        </a>
        <a class="btn" href={back} hx-get={back} hx-target="#action" hx-select="#action" hx-swap="outerHTML">
          {t.back}
        </a>
        {nothing ? null : (
          <button class="btn primary" type="submit">
            {count.state === 'done' ? t.apply({ n: changing(count), shown: ui.fmt.number(changing(count)) }) : t.applyUncounted}
          </button>
        )}
      </div>
    </div>
  );
}
