// The pages of the machine itself: their forms open in a dialog, and what was done is shown when the page asks for itself again.
import { asksIn } from '../asked.js';

asksIn('form-dialog', 'form-done');
