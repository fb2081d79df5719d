// Starts every module. Each listens on the document, so that what htmx swaps in later just works.
import "./csrf.js";
import "./bulk.js";
import "./confirm.js";
import "./copy.js";
import "./dialog.js";
import "./autosave.js";
import "./guard.js";
import "./inline.js";
import "./keys.js";
import "./menu.js";
import "./nav.js";
import "./palette.js";
import "./picker.js";
import "./sortable.js";
import "./theme.js";
import "./time.js";
import "./toast.js";
