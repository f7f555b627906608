// The page of one process: its forms open in a dialog, and when it has ended so has its page.
import { asksIn } from '../asked.js';
import { leaveWhenGone } from '../elsewhere.js';

asksIn('form-dialog', 'form-done');

leaveWhenGone('figures', '/processes');
