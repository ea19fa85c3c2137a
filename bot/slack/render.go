package slack

import (
	"slices"
	"sort"
	"strings"

	slackapi "github.com/slack-go/slack"
	"github.com/slack-go/slack/slackutilsx"

	"payoff/bot/chat"
)

// A page is one post: what of a message fits into it.
type page struct {
	text   string // for notifications and screen readers
	blocks []slackapi.Block
	files  []chat.File // shared behind it, each a post of its own
}

// pages renders a message as posts within Slack's limits. A picture is shown by the file id
// that pictures holds for it, in order; one without an id by its words. What is more than
// maxPages hold is left out, and the last page says so ("… and 12 more").
func pages(m chat.Message, pictures []string) []page {
	return posts(m, &composer{pictures: pictures, tables: len(m.Blocks), shares: true}, maxPages)
}

// onePage renders a message as the one post that an update or an edit can be.
func onePage(m chat.Message, pictures []string) page {
	return posts(m, &composer{pictures: pictures, tables: 1, shares: true}, 1)[0]
}

func posts(m chat.Message, c *composer, most int) []page {
	c.compose(m)
	var all []page
	for _, list := range (sheets{blocks: mostBlocks, size: mostPostSize, most: most}).lay(c.tiles) {
		summary := ""
		if len(all) == 0 {
			summary = line(m.Summary)
		}
		all = append(all, page{text: fallback(summary, list), blocks: blocksOf(list)})
	}
	all[len(all)-1].files = c.files
	return all
}

// fallback is what is read where blocks are not: all of it, the summary first. Slack takes it
// for markup.
func fallback(summary string, list []tile) string {
	var lines []string
	for _, p := range list {
		if strings.TrimSpace(p.words) != "" {
			lines = append(lines, p.words)
		}
	}
	said := strings.Join(lines, "\n")
	if !strings.HasPrefix(said, summary) {
		said = summary + "\n" + said
	}
	return slackutilsx.EscapeMessage(shortenBy(said, mostFallback, inBytes))
}

func blocksOf(list []tile) []slackapi.Block {
	blocks := make([]slackapi.Block, len(list))
	for i, p := range list {
		blocks[i] = p.block
	}
	return blocks
}

// homeView renders a message as the App Home.
func homeView(m chat.Message, pictures []string) slackapi.HomeTabViewRequest {
	return slackapi.HomeTabViewRequest{Type: slackapi.VTHomeTab, Blocks: viewBlocks(m, pictures)}
}

// noticeView is a modal that only says something.
func noticeView(title string, m chat.Message, pictures []string) slackapi.ModalViewRequest {
	return slackapi.ModalViewRequest{
		Type: slackapi.VTModal, Title: viewTitle(title), Close: plainText("Close"), Blocks: viewBlocks(m, pictures),
	}
}

// viewTitle is a modal's title, which must hold something.
func viewTitle(s string) *slackapi.TextBlockObject {
	if s = line(s); s == "" {
		s = "payoff"
	}
	return plainText(shorten(s, mostTitle))
}

// viewBlocks renders what a view shows. Slack takes no tables there.
func viewBlocks(m chat.Message, pictures []string) slackapi.Blocks {
	c := &composer{pictures: pictures}
	c.compose(m)
	list := sheets{blocks: mostViewBlocks, size: mostViewSize, most: 1}.lay(c.tiles)[0]
	return slackapi.Blocks{BlockSet: blocksOf(list)}
}

// picturesOf are the images of a message that there is a picture of, in order.
func picturesOf(m chat.Message) []chat.Image {
	var all []chat.Image
	for _, b := range m.Blocks {
		if image, ok := b.(chat.Image); ok && len(image.PNG) > 0 {
			all = append(all, image)
		}
	}
	return all
}

// sheets are what tiles are laid out on: posts or a view, what one of them takes, and how
// many there may be.
type sheets struct{ blocks, size, most int }

func (s sheets) hold(list ...tile) bool {
	size, tables := 0, 0
	for _, p := range list {
		size += p.size
		if p.table {
			tables++
		}
	}
	return len(list) <= s.blocks && size <= s.size && tables <= 1
}

// deal fills one sheet after the other, as many as it takes. What stays with the tile
// before it goes where that goes.
func (s sheets) deal(list []tile) [][]tile {
	var all [][]tile
	for i := 0; i < len(list); {
		end := i + 1
		for end < len(list) && list[end].stays && s.hold(list[i:end+1]...) {
			end++
		}
		if last := len(all) - 1; last >= 0 && s.hold(slices.Concat(all[last], list[i:end])...) {
			all[last] = append(all[last], list[i:end]...)
		} else {
			all = append(all, slices.Clone(list[i:end]))
		}
		i = end
	}
	return all
}

// lay lays out what fits and says how many tiles do not.
func (s sheets) lay(list []tile) [][]tile {
	all := s.deal(list)
	if len(all) <= s.most {
		return all
	}
	kept := sort.Search(len(list), func(n int) bool { return len(s.deal(keep(list, n+1))) > s.most })
	return s.deal(keep(list, kept))
}

// keep leaves out all but n tiles, from the end, and buttons last: one that is not there
// cannot be asked for.
func keep(list []tile, n int) []tile {
	buttons := 0
	for _, p := range list {
		if p.button {
			buttons++
		}
	}
	buttons = min(buttons, n)
	others := n - buttons
	var kept []tile
	for _, p := range list {
		room := &others
		if p.button {
			room = &buttons
		}
		if *room > 0 {
			*room--
			kept = append(kept, p)
		}
	}
	c := &composer{tiles: kept}
	c.text(chat.Spans(andMore(len(list)-n)), true)
	return c.tiles
}
