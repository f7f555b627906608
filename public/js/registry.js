// The registry: its forms open in the dialog of the page, and the open key asks for itself again when something was done.
import { asksIn } from './asked.js';

asksIn('form-dialog', 'form-done');
