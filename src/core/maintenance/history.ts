import { eq } from 'drizzle-orm';
import { processMinutes, samples } from '../../db/schema/samples.ts';
import type { App } from '../app.ts';
import type { TaskPlan } from '../tasks/runner.ts';

/** Deletes what was recorded of the machine. New samples go on being recorded; the file shrinks with the next check. */
export function historyPlan(app: App): TaskPlan {
  return {
    kind: 'history.purge',
    key: 'history.purge',
    steps: ['samples', 'processes'],
    async run(task) {
      const { db } = app;
      task.step('samples');
      const widths = db.selectDistinct({ step: samples.step }).from(samples).all();
      for (const [at, { step }] of widths.entries()) {
        const { changes } = db.$client.query('SELECT count(*) AS changes FROM samples WHERE step = ?').get(step) as { changes: number };
        db.delete(samples).where(eq(samples.step, step)).run();
        task.log(`samples of ${step} s: ${changes} deleted`);
        task.progress((0.8 * (at + 1)) / widths.length);
        await Bun.sleep(1);
        task.signal.throwIfAborted();
      }
      task.step('processes');
      const minutes = db.delete(processMinutes).returning({ at: processMinutes.at }).all().length;
      task.log(`minutes of processes: ${minutes} deleted`);
    },
  };
}
