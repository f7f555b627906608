// What the clock starts: forms open in a dialog.
import { asksIn } from '../asked.js';

asksIn('form-dialog', 'form-done');
