// Set-up and sign-in: what their one form needs, no more.
import './toast.js';
import './form.js';
import './theme.js';
import './copy.js';
import './reveal.js';
