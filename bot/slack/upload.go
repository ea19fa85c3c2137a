package slack

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	slackapi "github.com/slack-go/slack"
	"golang.org/x/sync/errgroup"

	"payoff/bot/chat"
)

const (
	pictureStays = time.Hour        // that one with the same bytes is not brought again
	pictureLimit = 10 * time.Second // to bring one; its words take its place after that
	picturesOnce = 2
)

// A picture is one that was brought to Slack.
type picture struct {
	file string
	at   time.Time
}

// upload brings pictures to Slack and returns their file ids, "" for one that could not be
// brought: its words take its place.
func (w *workspace) upload(ctx context.Context, list []chat.Image) []string {
	files := make([]string, len(list))
	var group errgroup.Group
	group.SetLimit(picturesOnce)
	for i, image := range list {
		if len(image.PNG) == 0 {
			continue
		}
		group.Go(func() error {
			file, err := w.uploadOne(ctx, image)
			if err != nil {
				w.log.Warn("a picture was not brought to Slack", "space", w.space, "err", err)
			}
			files[i] = file
			return nil
		})
	}
	_ = group.Wait() // none returns one
	return files
}

func (w *workspace) uploadOne(ctx context.Context, image chat.Image) (file string, err error) {
	sum := sha256.Sum256(image.PNG)
	key := hex.EncodeToString(sum[:])
	e := effort{queue: unasked().queue, total: pictureLimit}
	return flight(ctx, w, uploadData+" "+key, e, func(ctx context.Context) (string, error) {
		if p, ok := w.pictures.get(key); ok && w.now().Sub(p.at) < pictureStays {
			return p.file, nil
		}
		file, err := w.bring(ctx, parcel{name: cmp.Or(image.Name, "picture.png"), words: image.Alt, data: image.PNG}, e)
		if err == nil {
			w.pictures.put(key, picture{file, w.now()})
		}
		return file, err
	})
}

// share posts a file in a room.
func (w *workspace) share(ctx context.Context, room string, f chat.File) error {
	return w.shareWithin(ctx, room, f, asked())
}

func (w *workspace) shareWithin(ctx context.Context, room string, f chat.File, e effort) error {
	_, err := w.bring(ctx, parcel{name: cmp.Or(f.Name, "file"), data: f.Data, room: room}, e)
	return err
}

// A parcel is a file on its way to Slack, to be posted in a room if it has one.
type parcel struct {
	name, words, room string
	data              []byte
}

// bring brings a file to Slack in three steps: an address to upload to, the upload, and the
// word that this was all. https://docs.slack.dev/messaging/working-with-files#upload
func (w *workspace) bring(ctx context.Context, p parcel, e effort) (file string, err error) {
	if len(p.data) == 0 {
		p.data = []byte("\n") // Slack takes no empty file
	}
	ctx, cancel := context.WithTimeout(ctx, e.total)
	defer cancel()
	for attempt := 0; ; attempt++ {
		to, err := w.whereTo(ctx, p, e)
		if err != nil {
			return "", err
		}
		err = w.call(ctx, request{method: uploadData, once: true, effort: e}, func(ctx context.Context) error {
			return w.api.UploadToURL(ctx, slackapi.UploadToURLParameters{
				UploadURL: to.UploadURL, Reader: bytes.NewReader(p.data), Filename: p.name,
			})
		})
		if err == nil {
			return to.FileID, w.complete(ctx, to.FileID, p, e)
		}
		// An address serves once: where it may have served, the next attempt needs another.
		if !unsure(err) || waitFor(ctx, backoff(attempt)) != nil {
			return "", err
		}
	}
}

func (w *workspace) whereTo(ctx context.Context, p parcel, e effort) (to *slackapi.GetUploadURLExternalResponse, err error) {
	err = w.call(ctx, request{method: uploadAddress, effort: e}, func(ctx context.Context) error {
		to, err = w.api.GetUploadURLExternalContext(ctx, slackapi.GetUploadURLExternalParameters{
			FileName: p.name, FileSize: len(p.data), AltTxt: p.words,
		})
		if err == nil && (to.UploadURL == "" || to.FileID == "") {
			return errNothing
		}
		return err
	})
	return to, err
}

func (w *workspace) complete(ctx context.Context, file string, p parcel, e effort) error {
	doubtful := false
	return w.call(ctx, request{method: uploadComplete, room: p.room, effort: e}, func(ctx context.Context) error {
		done, err := w.api.CompleteUploadExternalContext(ctx, slackapi.CompleteUploadExternalParameters{
			Files: []slackapi.FileSummary{{ID: file, Title: p.name}}, Channel: p.room,
		})
		if err == nil && len(done.Files) == 0 {
			err = errNothing
		}
		err = translate(uploadComplete, err)
		if doubtful && isKind(err, chat.Invalid) {
			return nil // the attempt that seemed to fail did complete it, and it cannot be done twice
		}
		doubtful = doubtful || unsure(err)
		return err
	})
}

// Slack goes on working at an upload after it said that it is complete, and until then refuses
// blocks that show it. https://github.com/slackapi/python-slack-sdk/issues/1521
func pictureWaits() []time.Duration {
	return []time.Duration{300 * time.Millisecond, 700 * time.Millisecond, time.Second, time.Second, 2 * time.Second}
}

// withPictures does something with blocks, and again while Slack refuses them for a picture
// that it is still working at; in the end with the pictures' words in their place.
func (w *workspace) withPictures(ctx context.Context, blocks []slackapi.Block, do func([]slackapi.Block) error) error {
	err := do(blocks)
	plain, files := wordsForPictures(blocks)
	if len(files) == 0 {
		return err
	}
	for _, wait := range pictureWaits() {
		if !blocksRefused(err) {
			return err
		}
		if waitFor(ctx, wait) != nil {
			return err
		}
		err = do(blocks)
	}
	if !blocksRefused(err) {
		return err
	}
	w.log.Warn("Slack does not show a picture; its words are shown", "space", w.space, "err", err)
	w.forgetPictures(files)
	return do(plain)
}

func blocksRefused(err error) bool {
	switch codeOf(err) {
	case "invalid_blocks", "invalid_arguments": // the latter of views
		return true
	}
	return false
}

// wordsForPictures is blocks with the words of pictures in their place, and the files that
// those were.
func wordsForPictures(blocks []slackapi.Block) (plain []slackapi.Block, files []string) {
	for _, b := range blocks {
		if image, ok := b.(*slackapi.ImageBlock); ok && image.SlackFile != nil {
			files = append(files, image.SlackFile.ID)
			text := slackapi.NewTextBlockObject(slackapi.PlainTextType, cmp.Or(image.AltText, "(a picture)"), false, false)
			b = slackapi.NewContextBlock(image.BlockID, text)
		}
		plain = append(plain, b)
	}
	return plain, files
}

// forgetPictures has them brought anew: an admin may have deleted the files.
func (w *workspace) forgetPictures(files []string) {
	for _, file := range files {
		w.pictures.dropIf(func(p picture) bool { return p.file == file })
	}
}
