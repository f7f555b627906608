import { FormPage } from '../form/page.tsx';
import { systemBack } from '../system/frame.tsx';
import type { Ui } from '../ui.ts';

const SHOWN = 20_000;

export function ChangelogPage({ ui, name, text, detail }: { ui: Ui; name: string; text: string | null; detail?: string | undefined }) {
  const t = ui.t.packages;
  return (
    <FormPage ui={ui} title={t.changelogOf({ name })} back={systemBack(ui, 'packages')} action="" submit={null}>
      {text ? <pre class="snippet changelog" tabindex={0}>{text.slice(0, SHOWN)}</pre> : <p>{t.noChangelog}</p>}
      {detail ? <pre class="snippet" tabindex={0}>{detail}</pre> : null}
    </FormPage>
  );
}
