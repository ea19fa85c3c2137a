package slack

import (
	"context"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	slackapi "github.com/slack-go/slack"

	"payoff/bot/chat"
	"payoff/bot/command"
)

// maxMetadata bounds private_metadata, in characters.
// https://docs.slack.dev/reference/views/modal-views
const maxMetadata = 3000

// maxFormAck bounds what an acknowledgement may hold: over a socket, Slack drops 20 KB and
// more without a word (github.com/slackapi/node-slack-sdk, slack-go's socketmode).
const maxFormAck = 20_000

// An origin is where a form, or a button, comes from. A form carries it, signed.
type origin struct {
	Call       string `json:"c,omitempty"` // the form's
	Room       string `json:"r,omitempty"`
	RoomName   string `json:"n,omitempty"`
	Direct     bool   `json:"d,omitempty"`
	Address    string `json:"a,omitempty"` // to answer through
	TS         string `json:"t,omitempty"` // the message whose button was pressed
	Ephemeral  bool   `json:"e,omitempty"` // that message is only theirs
	User       string `json:"u,omitempty"`
	Shape      string `json:"s,omitempty"`
	Generation int    `json:"g,omitempty"` // how often the form was shown again
}

// formKey signs metadata. Of several secrets the first that is set is stretched.
func (a *Adapter) formKey() []byte {
	secret := a.cfg.AppToken
	if a.cfg.SigningSecret.IsSet() {
		secret = a.cfg.SigningSecret
	} else if a.cfg.ClientSecret.IsSet() {
		secret = a.cfg.ClientSecret
	}
	key, err := hkdf.Key(sha256.New, []byte(secret.Reveal()), nil, "payoff/slack/forms", sha256.Size)
	if err != nil {
		panic("slack: " + err.Error()) // only of a length that no hash can give
	}
	return key
}

func (a *Adapter) signature(space string, b []byte) string {
	mac := hmac.New(sha256.New, a.formKey())
	mac.Write([]byte(space + "\n"))
	mac.Write(b)
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// seal is an origin as metadata. What it can do without is left out of one that is too long.
func (a *Adapter) seal(space string, o origin) (string, error) {
	for _, less := range []func(){func() {}, func() { o.Address = "" }, func() { o.RoomName = "" }} {
		less()
		b, err := json.Marshal(o)
		if err != nil {
			return "", err
		}
		if s := a.signature(space, b) + "." + string(b); utf8.RuneCountInString(s) <= maxMetadata {
			return s, nil
		}
	}
	return "", &chat.Error{Kind: chat.Invalid, Err: errors.New("the form's call is too long for Slack to carry")}
}

// unseal reads metadata that was sealed for the same space.
func (a *Adapter) unseal(space, s string) (o origin, ok bool) {
	sign, b, _ := strings.Cut(s, ".")
	if !hmac.Equal([]byte(sign), []byte(a.signature(space, []byte(b)))) {
		return origin{}, false
	}
	err := json.Unmarshal([]byte(b), &o)
	return o, err == nil
}

// modal is a form as a view that knows where it began.
func (e *errand) modal(f chat.Form) (slackapi.ModalViewRequest, error) {
	o := origin{
		Call: f.Call, Room: e.event.Room.ID, RoomName: e.event.Room.Name, Direct: e.event.Room.Direct,
		Address: e.address, TS: e.on.TS, Ephemeral: e.on.Ephemeral, User: e.user, Shape: shapeOf(f),
	}
	if e.is == byForm {
		o.Generation = e.on.Generation + 1 // so that no field keeps what Slack remembers of it
	}
	sealed, err := e.a.seal(e.space(), o)
	if err != nil {
		return slackapi.ModalViewRequest{}, err
	}
	return formView(f, sealed), nil
}

// open shows a form by the trigger of what its person did, or offers it where that is too old.
func (e *errand) open(ctx context.Context, f chat.Form) error {
	if e.trigger == "" {
		return e.offer(ctx)
	}
	v, err := e.modal(f)
	if err == nil {
		_, err = e.w.openView(ctx, e.trigger, v)
	}
	if err == nil {
		return nil
	}
	return errors.Join(butGone(err), e.offer(ctx))
}

// butGone is an error other than that a trigger has expired or a view was closed: that happens.
func butGone(err error) error {
	if isKind(err, chat.Gone) {
		return nil
	}
	return err
}

// maxAgain bounds a button's value.
// https://docs.slack.dev/reference/block-kit/block-elements/button-element
const maxAgain = 2000

// offer gives a button that does the same again: a form needs a trigger of three seconds at most.
func (e *errand) offer(ctx context.Context) error {
	call := ""
	switch did := e.event.Did.(type) {
	case chat.Typed:
		call = did.Text
	case chat.Wrote:
		call = wroteAgain + did.Text
	case chat.Pressed:
		call = did.Call
	}
	m := chat.Message{Blocks: []chat.Block{
		chat.T("The form is ready."),
		chat.Actions{{Label: "Open the form", Call: call, Style: chat.Primary}},
	}}
	if call == "" || utf8.RuneCountInString(call) > maxAgain {
		m.Blocks = []chat.Block{chat.T("I was too slow to open the form. Please ask for it once more.")}
	}
	return e.say(ctx, chat.Say{Messages: []chat.Message{m}, Private: true})
}

// opensForm says whether what was typed or pressed is declared to open a form. Hidden
// commands cannot be typed: "log this morning 2h BNI" is a line to log.
func (e *errand) opensForm() bool {
	text, specs := "", e.a.cfg.Commands
	switch did := e.event.Did.(type) {
	case chat.Typed:
		text = did.Text
		specs = slices.DeleteFunc(slices.Clone(specs), func(s command.Spec) bool { return s.Hidden })
	case chat.Pressed:
		text = did.Call
	default:
		return false
	}
	spec, _, err := command.Find(specs, text)
	return err == nil && spec.Form && e.trigger != ""
}

// plainWords is a message of one line of ours.
func plainWords(text string) chat.Message { return chat.Message{Blocks: []chat.Block{chat.T(text)}} }

// plainTitle is the title of a view that is no form.
const plainTitle = "payoff"

// title is that of the form that was submitted.
func (e *errand) title() string {
	if e.view != nil && e.view.Title != nil && e.view.Title.Text != "" {
		return typedText(e.view.Title.Text)
	}
	return plainTitle
}

// inPlace acknowledges a submission with a view in place of the form.
func inPlace(v slackapi.ModalViewRequest) *slackapi.ViewSubmissionResponse {
	return slackapi.NewUpdateViewSubmissionResponse(&v)
}

// foreign answers a form that was not signed here.
func foreign() *slackapi.ViewSubmissionResponse {
	return inPlace(noticeView(plainTitle, plainWords("This form was opened before I changed. Close it and type /payoff to begin anew."), nil))
}

// unsent says at a form's first question that it was not taken; what was typed stays.
func (e *errand) unsent() *slackapi.ViewSubmissionResponse {
	const say = "I could not reach my notes just now. Please send this once more."
	for _, b := range e.view.Blocks.BlockSet {
		if b != nil && b.BlockType() == slackapi.MBTInput {
			return slackapi.NewErrorsViewSubmissionResponse(map[string]string{b.ID(): say})
		}
	}
	return inPlace(noticeView(e.title(), plainWords(say), nil))
}

// settle answers a submission whose reply came in time.
func (e *errand) settle(ctx context.Context, r chat.Reply) error {
	again, ok := r.(chat.OpenForm)
	if !ok {
		e.acknowledge(slackapi.NewClearViewSubmissionResponse())
		return e.deliver(ctx, r)
	}
	f := e.keepTyped(again.Form)
	e.mayRepeat()
	if errs := fieldErrors(f); len(errs) > 0 && f.Error == "" && f.Call == e.on.Call && shapeOf(f) == e.on.Shape && !e.marked() {
		e.acknowledge(slackapi.NewErrorsViewSubmissionResponse(errs))
		return nil
	}
	v, err := e.modal(f)
	if err != nil {
		e.acknowledge(e.unsent())
		return err
	}
	whole := inPlace(v)
	if b, err := json.Marshal(whole); err != nil || len(b) >= maxFormAck {
		e.acknowledge(inPlace(noticeView(e.title(), plainWords("One moment"), nil)))
		return e.show(ctx, e.view.ID, v, f)
	}
	e.acknowledge(whole)
	return nil
}

// marked says whether the form shows errors that stand in blocks of their own, which only
// another view takes away.
func (e *errand) marked() bool {
	return slices.ContainsFunc(e.view.Blocks.BlockSet, func(b slackapi.Block) bool {
		return b != nil && (b.ID() == errorBlock || strings.HasPrefix(b.ID(), errorBlock+":"))
	})
}

// keepTyped puts what was typed back into a form that is shown again.
func (e *errand) keepTyped(f chat.Form) chat.Form {
	did, ok := e.event.Did.(chat.Submitted)
	if !ok || did.Call != f.Call {
		return f
	}
	f.Fields = slices.Clone(f.Fields)
	for i, field := range f.Fields {
		if v, ok := did.Values[field.ID]; ok {
			f.Fields[i].Value = v
		}
	}
	return f
}

// replace answers in the view that has stood in for the answer until now.
func (e *errand) replace(ctx context.Context, view string, r chat.Reply) error {
	if again, ok := r.(chat.OpenForm); ok {
		f := e.keepTyped(again.Form)
		e.mayRepeat()
		v, err := e.modal(f)
		if err != nil {
			return errors.Join(err, e.w.updateView(ctx, view, noticeView(e.title(), chat.Sorry(e.reference()), nil)))
		}
		return e.show(ctx, view, v, f)
	}
	said, whole := spoken(r)
	if _, is := r.(chat.Update); is && e.on.TS != "" {
		whole = false // there is a message to replace as well
	}
	err := e.w.updateView(ctx, view, noticeView(e.title(), said, e.pictures(ctx, said)))
	if err == nil && whole {
		return nil
	}
	return errors.Join(butGone(err), e.deliver(ctx, r))
}

// show replaces a view by a form. Of one that its person has closed meanwhile, they are told.
func (e *errand) show(ctx context.Context, view string, v slackapi.ModalViewRequest, f chat.Form) error {
	err := e.w.updateView(ctx, view, v)
	if err == nil {
		return nil
	}
	if e.is != byForm {
		return errors.Join(butGone(err), e.offer(ctx))
	}
	return errors.Join(butGone(err), e.say(ctx, chat.Say{Messages: []chat.Message{unread(f)}, Private: true}))
}

// unread tells of a form that was closed before its errors could be shown, with all that was typed.
func unread(f chat.Form) chat.Message {
	m := plainWords("You closed the form before I had read it, and something in it needs another look. Nothing of it is saved; this is what you typed.")
	if f.Error != "" {
		m.Blocks = append(m.Blocks, chat.T(f.Error))
	}
	var typed chat.Fields
	for _, field := range f.Fields {
		if field.Error != "" {
			m.Blocks = append(m.Blocks, chat.T(chat.B(field.Label), ": ", field.Error))
		}
		if field.Value != "" {
			typed = append(typed, chat.Labelled{Label: field.Label, Value: chat.Spans(field.Value)})
		}
	}
	return chat.Message{Blocks: append(m.Blocks, typed)}
}

// spoken is what a reply says, as a notice can hold it. It is whole when nothing else need be
// posted: no buttons, no files, and nothing for others.
func spoken(r chat.Reply) (said chat.Message, whole bool) {
	var all []chat.Message
	switch r := r.(type) {
	case chat.Say:
		all, whole = r.Messages, r.Private
	case chat.Update:
		all, whole = []chat.Message{r.Message}, true
	case nil:
		whole = true
	}
	for _, m := range all {
		for _, b := range m.Blocks {
			switch b.(type) {
			case chat.Actions, chat.File:
				whole = false
			default:
				said.Blocks = append(said.Blocks, b)
			}
		}
	}
	if len(said.Blocks) == 0 {
		return plainWords("Done."), whole
	}
	return said, whole
}
