import type { Block, BlockListRow } from '../../../core/blocks/blocks.ts';
import type { FormState } from '../../../http/form.ts';
import { FormPage } from '../../form/page.tsx';
import { Field } from '../../parts/field.tsx';
import { Select } from '../../parts/select.tsx';
import type { Ui } from '../../ui.ts';

const back = (ui: Ui) => ({ href: '/firewall/blocks', label: ui.t.blocks.title });

/** Seconds that a block lasts, as the form has them; '' is until it is lifted. */
export const DURATIONS = { hour: '3600', day: '86400', week: '604800', month: '2592000', forGood: '' } as const;

export function Lasts({ ui, value }: { ui: Ui; value: string }) {
  const t = ui.t.blocks;
  const choices = Object.entries(DURATIONS).map(([name, seconds]) => ({ value: seconds, label: t.durations[name as keyof typeof DURATIONS] }));
  return <Select ui={ui} name="lasts" label={t.lasts} value={value} choices={choices} />;
}

export function Commands({ ui, commands }: { ui: Ui; commands: readonly string[] }) {
  const t = ui.t.blocks;
  return (
    <>
      <p class="small muted">{t.commands}</p>
      <pre class="snippet" id="block-commands">{commands.length ? commands.join('\n') : t.commandsAfter}</pre>
    </>
  );
}

/** @param tool what blocks here: it decides what is kept out */
export function NewBlockPage({ ui, tool, commands, values, errors }: { ui: Ui; tool: string; commands: readonly string[] } & FormState) {
  const t = ui.t.blocks;
  // What will run follows what is typed.
  const preview = { 'hx-get': '/firewall/blocks/new', 'hx-trigger': 'input changed delay:300ms', 'hx-include': 'closest form', 'hx-target': '#block-commands', 'hx-select': '#block-commands', 'hx-swap': 'outerHTML', 'hx-sync': 'this:replace' };
  return (
    <FormPage ui={ui} title={t.blockTitle} back={back(ui)} action="/firewall/blocks/new" submit={t.blockSubmit} errors={errors}>
      <p class="small muted">{tool === 'NetSecurity' ? t.blockTextWindows : t.blockText}</p>
      <Field ui={ui} name="address" label={t.address} value={values.address ?? ''} hint={t.addressHint} error={errors.address} required autofocus mono maxlength={100} attrs={preview} />
      <Lasts ui={ui} value={values.lasts ?? DURATIONS.forGood} />
      <Field ui={ui} name="comment" label={t.comment} value={values.comment ?? ''} hint={t.commentHint} error={errors.comment} optional maxlength={200} />
      <Commands ui={ui} commands={commands} />
    </FormPage>
  );
}

export function LiftPage({ ui, block, commands, errors }: { ui: Ui; block: Block; commands: readonly string[]; errors: FormState['errors'] }) {
  const t = ui.t.blocks;
  return (
    <FormPage ui={ui} title={t.liftTitle({ address: block.address })} back={back(ui)} action={`/firewall/blocks/${block.id}/lift`} submit={t.liftSubmit} errors={errors}>
      <p class="small muted">{commands.length ? t.liftText : t.liftOther}</p>
      {commands.length ? <Commands ui={ui} commands={commands} /> : null}
    </FormPage>
  );
}

export function RemoveListPage({ ui, list, errors }: { ui: Ui; list: BlockListRow; errors: FormState['errors'] }) {
  const t = ui.t.blocks;
  return (
    <FormPage ui={ui} title={t.removeListTitle({ name: list.name })} back={back(ui)} action={`/firewall/blocks/lists/${list.id}/remove`} submit={t.removeListSubmit} danger errors={errors}>
      <p class="small muted">{t.removeListText({ n: ui.fmt.number(list.entries) })}</p>
    </FormPage>
  );
}

export function InstallBlocksPage({ ui, commands, errors }: { ui: Ui; commands: readonly string[]; errors: FormState['errors'] }) {
  const t = ui.t.blocks;
  return (
    <FormPage ui={ui} title={t.installTitle} back={back(ui)} action="/firewall/blocks/install" submit={t.installSubmit} errors={errors}>
      <p class="small muted">{t.installText}</p>
      <Commands ui={ui} commands={commands} />
    </FormPage>
  );
}
