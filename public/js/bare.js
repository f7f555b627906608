// Set-up and sign-in: what their one form needs, no more.
import './toast.js';
import './theme.js';
import './copy.js';
import './reveal.js';
// Last: it leaves alone what another behaviour has taken over.
import './form.js';
