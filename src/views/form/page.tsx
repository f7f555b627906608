import type { Child } from 'hono/jsx';
import { Layout } from '../layout.tsx';
import { FormErrors } from '../parts/form-errors.tsx';
import { CrumbsHead } from '../parts/page-head.tsx';
import type { Ui } from '../ui.ts';

interface FormPageProps {
  ui: Ui;
  title: string;
  /** The list or page that it belongs to: its crumb, and where “Cancel” leads. */
  back: { href: string; label: string };
  action: string;
  /** The verb with its object; null: there is nothing to send. */
  submit: string | null;
  danger?: boolean;
  /** Beside those of every page. */
  styles?: readonly string[];
  errors?: Readonly<Record<string, string | undefined>>;
  children?: Child;
}

/** Asks, or takes what is to be made: a page of its own, of which a dialog shows the form. With 422 it is drawn again in its place. */
export function FormPage({ ui, title, back, action, submit, danger, styles = [], errors = {}, children }: FormPageProps) {
  return (
    <Layout ui={ui} title={title} styles={styles}>
      <CrumbsHead label={ui.t.parts.pages} crumbs={[back]} title={title} />
      <div class="section">
        <div id="dialog-form" class="dialog-form">
          <form method="post" action={action} hx-post={action} hx-target="#dialog-form" hx-select="#dialog-form" hx-swap="outerHTML" class="form narrow" autocomplete="off">
            <h2 id="dialog-form-h">{title}</h2>
            <FormErrors ui={ui} errors={errors} />
            {children}
            <div class="btns">
              <a class="btn" href={back.href} data-close>
                {ui.t.parts.cancel}
              </a>
              {submit === null ? null : (
                <button class={danger ? 'btn danger primary' : 'btn primary'} type="submit">
                  {submit}
                </button>
              )}
            </div>
          </form>
        </div>
      </div>
    </Layout>
  );
}
