package web

import (
	"errors"
	"net/http"
)

// A refusal is what a person may read of a request that was not carried out: one sentence.
type refusal struct {
	status int
	say    string
}

func (r refusal) Error() string { return r.say }

var (
	errNoPerson = refusal{http.StatusNotFound, "There is nobody of that name in this workspace."}
	errNoRoom   = refusal{http.StatusNotFound, "There is no such room in this workspace."}
	errNoForm   = refusal{http.StatusNotFound, "This form is no longer open; run its command again, and what you typed will still be there."}
	errNoButton = refusal{http.StatusNotFound, "That button is gone; look at the message again."}
	errStale    = refusal{http.StatusConflict, "That message has changed since; look at it again."}
	errField    = refusal{http.StatusBadRequest, "That is not one of the answers the form offers."}
	errID       = refusal{http.StatusBadRequest, "The request does not say which action it is."}
	errNothing  = refusal{http.StatusBadRequest, "There is nothing to send."}
	errTooLong  = refusal{http.StatusRequestEntityTooLarge, "That is too long to send; please shorten it."}
	errClosing  = refusal{http.StatusServiceUnavailable, "The workspace is shutting down."}
	errBusy     = refusal{http.StatusServiceUnavailable, "Too many pages are open; close some and try again."}
	errMoving   = refusal{http.StatusConflict, "The clock is already moving; wait until it has arrived."}
	errStep     = refusal{http.StatusBadRequest, "The clock does not know that step."}
)

// refuse answers with the sentence of err. Anything that is no refusal is logged, and the
// person reads one generic line.
func (w *Workspace) refuse(rw http.ResponseWriter, r *http.Request, err error) {
	var no refusal
	if !errors.As(err, &no) {
		w.cfg.Log.ErrorContext(r.Context(), "local workspace", "path", r.URL.Path, "error", err)
		no = refusal{http.StatusInternalServerError, "Something went wrong here, and it has been logged."}
	}
	http.Error(rw, no.say, no.status)
}
