import type { Child } from 'hono/jsx';
import { Layout } from '../layout.tsx';
import { FormErrors } from '../parts/form-errors.tsx';
import { CrumbsHead } from '../parts/page-head.tsx';
import type { Ui } from '../ui.ts';

/** Attributes of a link to a form: with JavaScript it opens in the dialog of the page (public/js/containers/changes.js). */
export const asks = (href: string) => ({ href, 'hx-get': href, 'hx-target': '#docker-dialog', 'hx-swap': 'innerHTML', 'hx-select': '#docker-form' });

/** Where those forms open. */
export function DockerDialog({ wide }: { wide?: boolean }) {
  return <dialog class={wide ? 'dialog wide' : 'dialog'} id="docker-dialog" aria-labelledby="docker-form-h"></dialog>;
}

interface DockerFormProps {
  ui: Ui;
  title: string;
  /** The list or page that it belongs to: its crumb, and where “Cancel” leads. */
  back: { href: string; label: string };
  action: string;
  /** The verb with its object; null: there is nothing to send. */
  submit: string | null;
  danger?: boolean;
  errors?: Readonly<Record<string, string | undefined>>;
  children?: Child;
}

/** Asks, or takes what is to be made: a page of its own, of which a dialog shows the form. With 422 it is drawn again in its place. */
export function DockerFormPage({ ui, title, back, action, submit, danger, errors = {}, children }: DockerFormProps) {
  return (
    <Layout ui={ui} title={title} styles={['css/docker.css']}>
      <CrumbsHead label={ui.t.parts.pages} crumbs={[back]} title={title} />
      <div class="section">
        <div id="docker-form" class="docker-form">
          <form method="post" action={action} hx-post={action} hx-target="#docker-form" hx-select="#docker-form" hx-swap="outerHTML" class="form narrow" autocomplete="off">
            <h2 id="docker-form-h">{title}</h2>
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
