// Every page inside the shell loads this: one import per behaviour.
import './requests.js';
import './toast.js';
import './dialog.js';
import './confirm.js';
import './menu.js';
import './nav.js';
import './theme.js';
import './shortcuts.js';
import './palette.js';
import './table.js';
import './time.js';
import './copy.js';
import './reveal.js';
import './tray.js';
import './engine.js';
import './armed.js';
// Last: it leaves alone what another behaviour has taken over.
import './form.js';
