import type { Child } from 'hono/jsx';
import type { FormState } from '../../http/form.ts';
import type { Plan } from '../../platform/plan.ts';
import { FormPage } from '../form/page.tsx';
import { Diff } from '../stacks/review.tsx';
import type { Ui } from '../ui.ts';

interface PlannedProps {
  ui: Ui;
  form: { title: string; submit: string; danger?: boolean; action: string; back: { href: string; label: string }; lead?: Child; fields: ((state: FormState) => Child) | null };
  state: FormState;
  /** What will run, in the second step. */
  review: { plan: Plan; seal: string } | null;
}

/** A change of the machine: what is entered, then what that will run. */
export function PlannedPage({ ui, form, state, review }: PlannedProps) {
  const { title, back, action, danger } = form;
  const t = ui.t.system;
  return (
    <FormPage ui={ui} title={title} back={back} action={action} errors={state.errors} submit={review ? form.submit : t.toReview} {...(danger && review ? { danger } : {})}>
      {form.lead && (!review || !form.fields) ? <p class="small muted">{form.lead}</p> : null}
      {review ? (
        <>
          <input type="hidden" name="do" value="apply" />
          <input type="hidden" name="seen" value={review.seal} />
          {Object.entries(state.values).map(([name, value]) => <input type="hidden" name={name} value={value} />)}
          <PlanShown ui={ui} plan={review.plan} />
        </>
      ) : (
        form.fields?.(state)
      )}
    </FormPage>
  );
}

/** What a change will run and write. */
export function PlanShown({ ui, plan: { commands, files } }: { ui: Ui; plan: Plan }) {
  const t = ui.t.system;
  return (
    <>
      {commands.length ? (
        <div class="plan-commands">
          <p class="small muted">{t.willRun}</p>
          <pre class="snippet" tabindex={0}>{commands.join('\n')}</pre>
        </div>
      ) : null}
      {files.map(({ path, before, after }, i) => <Diff ui={ui} id={`plan-${i}`} file={path} before={before ?? ''} after={after ?? ''} />)}
      {commands.length === 0 && files.length === 0 ? <p>{t.willNothing}</p> : null}
    </>
  );
}
