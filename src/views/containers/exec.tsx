import type { ContainerDetail } from '../../core/containers/detail.ts';
import { EXEC_SHELLS } from '../../core/containers/exec.ts';
import type { FormState } from '../../http/form.ts';
import { Banner } from '../parts/banner.tsx';
import { Field } from '../parts/field.tsx';
import { FormErrors } from '../parts/form-errors.tsx';
import { Icon } from '../parts/icon.tsx';
import { Section } from '../parts/section.tsx';
import { Select } from '../parts/select.tsx';
import type { Ui } from '../ui.ts';
import { ContainerFrame } from './frame.tsx';

interface ExecProps extends FormState {
  ui: Ui;
  one: ContainerDetail;
  /** Why it cannot be done here; null when it can. */
  refusal: string | null;
}

/** Asks for shell and user of a terminal in a container. */
export function ContainerExecPage({ ui, one, refusal, values, errors }: ExecProps) {
  const t = ui.t.container;
  const shells = EXEC_SHELLS.map((value) => ({ value, label: value === 'auto' ? t.execAuto : value }));
  return (
    <ContainerFrame ui={ui} one={one} tab="exec" live={['exec-refusal', 'exec-submit']}>
      {/* Drawn anew is whether it can be done, not what was typed and what was wrong with it. */}
      <div id="exec-refusal">{refusal ? <Banner ui={ui} tone="warn" text={refusal} /> : null}</div>
      <Section id="exec-form" title={t.execTitle} note={t.execText}>
        <form class="form" method="post" action={`/containers/${one.id}/exec`} autocomplete="off">
          <FormErrors ui={ui} errors={errors} />
          <div class="cols-2">
            <Select ui={ui} name="shell" label={t.execShell} value={values.shell ?? 'auto'} choices={shells} />
            <Field ui={ui} name="user" label={t.execUser} value={values.user ?? ''} error={errors.user} hint={t.execUserHint} mono maxlength={130} />
          </div>
          <div class="btns" id="exec-submit">
            <button class="btn primary" type="submit" disabled={refusal !== null}>
              <Icon ui={ui} name="terminal" />
              {t.execOpen}
            </button>
          </div>
        </form>
      </Section>
    </ContainerFrame>
  );
}
