import { join } from 'node:path';
import type { Page } from 'playwright-core';

// What runs inside the page; the project's own types know no browser.
declare const document: any;

const axe = join(import.meta.dir, '../../node_modules/axe-core/axe.min.js');

/** What axe-core calls serious or critical, as `rule: selector reason`. */
export async function findings(page: Page): Promise<string[]> {
  // Through the debugger, not as an element: the page's policy refuses foreign scripts, and should.
  await page.evaluate(await Bun.file(axe).text());
  return page.evaluate<string[]>(`(async () => {
    // Without a look at the style sheets, which only an experimental rule needs: it makes style elements, which the policy refuses.
    const { violations } = await axe.run(document, { resultTypes: ['violations'], preload: false });
    return violations.filter((v) => v.impact === 'serious' || v.impact === 'critical')
      .flatMap((v) => v.nodes.map((n) => v.id + ': ' + n.target.join(' ') + ' ' + (n.any[0]?.message ?? '')));
  })()`);
}

/** What makes the page scroll sideways: the elements that stick out, outermost last; empty when nothing does. */
export const overflow = (page: Page) =>
  page.evaluate(() => {
    const root = document.documentElement;
    const sheet = document.querySelector('.sheet');
    if (![root, sheet].some((box) => box && box.scrollWidth > box.clientWidth + 1)) return [];
    const out = [...document.querySelectorAll('main *')].filter((element: any) => element.getBoundingClientRect().right > root.clientWidth + 1);
    return out.slice(0, 5).map((element: any) => `${element.tagName}.${element.getAttribute('class') ?? ''}`).concat(`${root.scrollWidth} > ${root.clientWidth}`);
  });
