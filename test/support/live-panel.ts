import { afterAll, beforeAll, expect } from 'bun:test';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { testApp, type Browser as Person, type TestApp } from './app.ts';
import { launch, openPage, type Watched } from './browser.ts';
import { live } from './live.ts';

export interface LiveOpenOptions extends BrowserContextOptions {
  /** Who is signed in; the administrator when left out. */
  as?: Person;
}

interface LivePanelOptions {
  /** On the fake host with nothing more when left out. */
  make?(): TestApp;
  /** Is its log of errors to be empty in the end? Of tests that break things, it is not. */
  quiet?: boolean;
  /** Before it is closed. */
  end?(): Promise<void>;
}

/**
 * What a file of tests in a browser needs where the test looks into the panel or moves its clock: the panel in this process on a
 * real socket, an administrator, and a browser. Call it once, at the top, before what needs it. `e2ePanel` runs the executable.
 */
export function livePanel(it: { ok: boolean }, { make = () => testApp(), quiet = true, end }: LivePanelOptions = {}) {
  const self = {
    browser: undefined as unknown as Browser,
    panel: undefined as unknown as TestApp,
    admin: undefined as unknown as Person,
    origin: '',
  };
  let served: ReturnType<typeof live> | undefined;

  if (it.ok) {
    beforeAll(async () => {
      self.browser = await launch();
      self.panel = make();
      served = live(self.panel);
      self.origin = served.origin;
      self.admin = self.panel.as('admin', 'lin');
    });
    afterAll(async () => {
      await end?.();
      await self.browser?.close();
      await served?.stop();
      await self.panel?.close();
      if (quiet) expect(self.panel?.errors).toEqual([]);
    });
  }

  /** A page of a browser that is signed in, before it went anywhere. */
  async function newPage({ as = self.admin, ...options }: LiveOpenOptions = {}): Promise<Watched> {
    const opened = await openPage(self.browser, { reducedMotion: 'reduce', ...options });
    await opened.context.addCookies([{ name: 'mantou_session', value: as.token, url: self.origin }]);
    return opened;
  }

  return Object.assign(self, {
    newPage,
    /** A page of the panel in a browser that is signed in. */
    async open(path: string, options: LiveOpenOptions = {}): Promise<Watched> {
      const opened = await newPage(options);
      await opened.page.goto(self.origin + path);
      return opened;
    },
  });
}
