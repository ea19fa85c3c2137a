package discordtest

import (
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Limits of a message: https://discord.com/developers/docs/resources/message#create-message and
// #embed-object-embed-limits
const (
	maxContent     = 2000
	maxEmbeds      = 10
	maxEmbedSum    = 6000 // over all embeds of a message
	maxTitle       = 256
	maxDescription = 4096
	maxFields      = 25
	maxFieldName   = 256
	maxFieldValue  = 1024
	maxFooter      = 2048
	maxAuthor      = 256
	maxNonce       = 25
	maxAlt         = 1024
)

// A messageRequest is a message as the app sends it, in whatever request.
type messageRequest struct {
	Content         optional[string]            `json:"content"`
	Embeds          optional[[]json.RawMessage] `json:"embeds"`
	Components      optional[[]json.RawMessage] `json:"components"`
	Attachments     optional[[]attachmentWish]  `json:"attachments"`
	AllowedMentions *allowedMentions            `json:"allowed_mentions"`
	Flags           optional[int]               `json:"flags"`
	Nonce           json.RawMessage             `json:"nonce"`
	EnforceNonce    bool                        `json:"enforce_nonce"`
}

// An attachmentWish is what attachments says of a file that comes along, whose id is the n of
// files[n], or of one that stays on the message.
type attachmentWish struct {
	ID          json.Number `json:"id"`
	Filename    string      `json:"filename"`
	Description string      `json:"description"`
}

// An embed is one as far as it has limits.
type embed struct {
	Title       string     `json:"title"`
	Description string     `json:"description"`
	Image       embedImage `json:"image"`
	Thumbnail   embedImage `json:"thumbnail"`
	Footer      struct {
		Text string `json:"text"`
	} `json:"footer"`
	Author struct {
		Name string `json:"name"`
	} `json:"author"`
	Fields []struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	} `json:"fields"`
}

type embedImage struct {
	URL string `json:"url"`
}

// letters is what counts against the sum of a message.
func (e embed) letters() int {
	n := units(e.Title) + units(e.Description) + units(e.Footer.Text) + units(e.Author.Name)
	for _, f := range e.Fields {
		n += units(f.Name) + units(f.Value)
	}
	return n
}

// message holds a message against the limits that the OpenAPI document does not know, or knows
// wrong (there, content may have 4000 letters). at is where in the body it is.
func (k *checker) message(at string, m *messageRequest) {
	k.atMost(under(at, "content"), m.Content.value, maxContent)
	k.count(under(at, "embeds"), len(m.Embeds.value), 0, maxEmbeds)
	sum := 0
	for i, raw := range m.Embeds.value {
		sum += k.embed(under(at, fmt.Sprintf("embeds.%d", i)), raw)
	}
	if sum > maxEmbedSum {
		k.add(under(at, "embeds"), "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of %d", maxEmbedSum)
	}
	if m.Flags.value&flagComponentsV2 != 0 {
		k.add(under(at, "flags"), "UNSUPPORTED", "Components V2 are not what payoff is written with: discordtest does not show them.")
	}
	var nonce string
	if json.Unmarshal(m.Nonce, &nonce) == nil {
		k.atMost(under(at, "nonce"), nonce, maxNonce)
	}
	for i, a := range m.Attachments.value {
		k.atMost(under(at, fmt.Sprintf("attachments.%d.description", i)), a.Description, maxAlt)
	}
	k.components(under(at, "components"), m.Components.value)
}

// embed holds one against its limits, and counts it.
func (k *checker) embed(at string, raw json.RawMessage) int {
	var e embed
	if err := json.Unmarshal(raw, &e); err != nil {
		k.add(at, "DICT_TYPE_CONVERT", "%v", err)
		return 0
	}
	if e.letters() == 0 && e.Image.URL == "" && e.Thumbnail.URL == "" {
		k.add(under(at, "description"), "BASE_TYPE_REQUIRED", "This field is required")
	}
	k.atMost(under(at, "title"), e.Title, maxTitle)
	k.atMost(under(at, "description"), e.Description, maxDescription)
	k.atMost(under(at, "footer.text"), e.Footer.Text, maxFooter)
	k.atMost(under(at, "author.name"), e.Author.Name, maxAuthor)
	k.count(under(at, "fields"), len(e.Fields), 0, maxFields)
	for i, f := range e.Fields {
		// White space is cut off before Discord counts.
		k.needed(under(at, fmt.Sprintf("fields.%d.name", i)), strings.TrimSpace(f.Name), maxFieldName)
		k.needed(under(at, fmt.Sprintf("fields.%d.value", i)), strings.TrimSpace(f.Value), maxFieldValue)
	}
	return e.letters()
}

// imageName is what an embed may show by attachment://.
var imageName = regexp.MustCompile(`^[A-Za-z0-9._-]+\.(png|jpg|jpeg|webp|gif)$`)

// shows are the names of attachments that an embed shows.
func shows(raw json.RawMessage) []string {
	var e embed
	if json.Unmarshal(raw, &e) != nil {
		return nil
	}
	var names []string
	for _, image := range []embedImage{e.Image, e.Thumbnail} {
		if name, ok := strings.CutPrefix(image.URL, "attachment://"); ok {
			names = append(names, name)
		}
	}
	return names
}

// finished holds a message as it will stand against what it must be: not empty, and its embeds'
// pictures there. Discord would show a broken picture and say nothing.
func (k *checker) finished(at string, m *message) *refusal {
	var names []string
	for _, a := range m.attachments {
		names = append(names, a.name)
	}
	for i, raw := range m.embeds {
		for _, name := range shows(raw) {
			if !imageName.MatchString(name) || !slices.Contains(names, name) {
				k.add(under(at, fmt.Sprintf("embeds.%d.image.url", i)), "ATTACHMENT_NOT_FOUND", "No picture %q is attached (%s).", name, strings.Join(names, ", "))
			}
		}
	}
	if m.flags&flagSuppressEmbeds != 0 && len(m.embeds) > 0 {
		k.add(under(at, "flags"), "EMBEDS_SUPPRESSED", "SUPPRESS_EMBEDS hides the embeds of this very message: nobody would see them.")
	}
	if len(k.problems) == 0 && strings.TrimSpace(m.content) == "" && len(m.embeds) == 0 && len(m.attachments) == 0 {
		return refuse(codeEmpty)
	}
	return k.refusal()
}

// attach is what is attached to a message after a request: what stays of old, then the files.
func (k *checker) attach(d *Discord, at string, wish optional[[]attachmentWish], files []upload, old []*attachment) []*attachment {
	var after []*attachment
	if !wish.set {
		after = slices.Clone(old)
	}
	told := map[int]attachmentWish{}
	for i, w := range wish.value {
		stays := slices.IndexFunc(old, func(a *attachment) bool { return a.id == w.ID.String() })
		comes := slices.IndexFunc(files, func(f upload) bool { return fmt.Sprint(f.n) == w.ID.String() })
		switch {
		case stays >= 0:
			after = append(after, old[stays])
		case comes >= 0:
			told[files[comes].n] = w
		default:
			k.add(under(at, fmt.Sprintf("attachments.%d.id", i)), "ATTACHMENT_NOT_FOUND", "There is no files[%s], and no such attachment.", w.ID)
		}
	}
	for _, f := range files {
		a := &attachment{id: d.nextID(), name: f.name, mime: f.mime, content: f.content, description: told[f.n].Description}
		if name := told[f.n].Filename; name != "" {
			a.name = fileName(name)
		}
		if a.name == "" || path.Ext(a.name) == a.name {
			k.add(under(at, fmt.Sprintf("files.%d", f.n)), "BASE_TYPE_REQUIRED", "A file needs a name.")
		}
		after = append(after, a)
	}
	k.count(under(at, "attachments"), len(after), 0, maxFiles)
	return after
}
