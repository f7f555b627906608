import type { PageFile, Paging } from '../../platform/swap.ts';
import { AskIcon, asks } from '../form/dialog.tsx';
import { Section } from '../parts/section.tsx';
import type { Ui } from '../ui.ts';

/** Page files of Windows as they are written down: nothing of it changes before the next start. */
export function PageFiles({ ui, paging: { automatic, files }, writes }: { ui: Ui; paging: Paging; writes: boolean }) {
  const t = ui.t.system.swap;
  const buttons = writes ? (
    <>
      {automatic ? null : <a class="btn sm" {...asks('/system/swap/page-file/automatic')}>{t.letWindows}</a>} <a class="btn sm" {...asks('/system/swap/page-file')}>{t.pageFileNew}</a>
    </>
  ) : null;
  return (
    <Section id="page-files" title={t.pageFiles} note={t.pageFilesNote} end={buttons} flush={!automatic && files.length > 0}>
      {automatic ? <p>{t.automatic}</p> : files.length ? <Files ui={ui} files={files} writes={writes} /> : <p class="soft">{t.pageFileNone}</p>}
    </Section>
  );
}

function Files({ ui, files, writes }: { ui: Ui; files: readonly PageFile[]; writes: boolean }) {
  const t = ui.t.system.swap;
  const size = (mib: number) => (mib === 0 ? <span class="soft">{t.bySystem}</span> : t.mib({ n: new Intl.NumberFormat(ui.lang).format(mib) }));
  return (
    <table class="table">
      <caption class="vh">{t.pageFiles}</caption>
      <thead>
        <tr>
          <th scope="col">{t.place}</th>
          <th scope="col" class="num">{t.initial}</th>
          <th scope="col" class="num">{t.maximum}</th>
          {writes ? <th class="fit"><span class="vh">{t.actions}</span></th> : null}
        </tr>
      </thead>
      <tbody>
        {files.map(({ path, initial, maximum }) => (
          <tr>
            <td class="wrap"><b class="mono xs">{path}</b></td>
            <td class="num">{size(initial)}</td>
            <td class="num">{size(maximum)}</td>
            {writes ? (
              <td>
                <div class="acts">
                  <AskIcon ui={ui} href={`/system/swap/page-file?path=${encodeURIComponent(path)}`} icon="edit" label={t.edit({ path })} title={t.change} />
                  <AskIcon ui={ui} href={`/system/swap/page-file/remove?path=${encodeURIComponent(path)}`} icon="trash" label={t.removeOf({ path })} title={t.remove} />
                </div>
              </td>
            ) : null}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
